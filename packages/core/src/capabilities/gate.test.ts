import { expect, test } from 'vitest';
import { BYTES_ONLY, EVERYTHING, MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { parseEntry } from '../entries/parse-entry.ts';
import type { ParsedExpectation } from '../expectations/cas-expectation.ts';
import { mintVersion } from '../versions/version.ts';
import type { Capabilities } from './capabilities.ts';
import { gateDelete } from '../operations/delete/gate-delete.ts';
import { gatePut } from '../operations/put/gate-put.ts';
import { gateCas } from './gate.ts';

const version = mintVersion();
const PUT = { name: 'put', path: '/a', changes: true } as const;
const DELETE = { name: 'delete', path: '/a', changes: true } as const;
const file = { body: Uint8Array.of(1) };

/** Everything that is not a proper claim, in the place of one. */
const GARBAGE: readonly unknown[] = [undefined, null, false, 0, '', 'true', 'maybe', 1, [], {}, Number.NaN];

const DEMANDS: readonly (readonly [string, object, ParsedExpectation, readonly (keyof Capabilities)[]])[] = [
  ['a record', { ...file, kind: 'k' }, 'any', ['records']],
  ['an indexed projection', { ...file, indexed: {} }, 'any', ['indexed']],
  ['a content type', { ...file, contentType: 'text/plain' }, 'any', ['contentTypes']],
  ['an expected version', file, { version }, ['cas']],
  ['an expected absence', file, 'absent', ['cas']],
];

test('a backend that claims everything is asked for everything', () => {
  for (const [, entry, expectation] of DEMANDS) {
    expect(() => gatePut(EVERYTHING, PUT, parseEntry(entry), expectation)).not.toThrow();
  }
  expect(() => gateDelete(EVERYTHING, DELETE, { version })).not.toThrow();
  expect(() => gateCas(EVERYTHING, '/a')).not.toThrow();
});

test.each(DEMANDS)('%s is refused where it is not exactly claimed', (_, entry, expectation, fields) => {
  for (const field of fields) {
    for (const value of GARBAGE) {
      const claims = { ...EVERYTHING, [field]: value } as Capabilities;
      const error = typedThrow(() => gatePut(claims, PUT, parseEntry(entry), expectation));
      expect(error).toMatchObject({
        code: 'UNSUPPORTED',
        capability: field,
        outcome: 'not-applied',
        operation: 'put',
        path: '/a',
      });
    }
  }
});

test('a conditional delete is refused where it is not exactly claimed', () => {
  for (const value of GARBAGE) {
    const claims = { ...EVERYTHING, conditionalDelete: value } as Capabilities;
    const error = typedThrow(() => gateDelete(claims, DELETE, { version }));
    expect(error).toMatchObject({ code: 'UNSUPPORTED', capability: 'conditionalDelete', outcome: 'not-applied' });
    expect(() => gateDelete(claims, DELETE, 'any')).not.toThrow();
  }
});

test('casUpdate is refused where versions and records are not exactly claimed', () => {
  for (const field of ['cas', 'records'] as const) {
    for (const value of [...GARBAGE, 'create-only', 'none']) {
      const error = typedThrow(() => gateCas({ ...EVERYTHING, [field]: value }, '/a'));
      expect(error).toMatchObject({
        code: 'CAS_UNSUPPORTED',
        capability: field,
        outcome: 'not-applied',
        operation: 'casUpdate',
        path: '/a',
      });
    }
  }
});

test.each([undefined, null, false, 0, 'versioned', 1n, [], {}, () => EVERYTHING])(
  'claims that are none (%#) let nothing through',
  (claims) => {
    const none = claims as never;
    for (const [, entry, expectation] of DEMANDS) {
      expect(typedThrow(() => gatePut(none, PUT, parseEntry(entry), expectation)).code).toBe('UNSUPPORTED');
    }
    expect(typedThrow(() => gatePut(none, PUT, parseEntry({ body: new Uint8Array() }), 'any')).code).toBe(
      'UNSUPPORTED',
    );
    expect(typedThrow(() => gateDelete(none, DELETE, { version })).code).toBe('UNSUPPORTED');
    expect(typedThrow(() => gateCas(none, '/a')).code).toBe('CAS_UNSUPPORTED');
  },
);

test("where versions are missing, 'absent' needs create-only and 'any' needs nothing", () => {
  const plain = parseEntry(file);
  expect(() => gatePut(BYTES_ONLY, PUT, plain, 'absent')).not.toThrow();
  expect(typedThrow(() => gatePut({ ...BYTES_ONLY, cas: 'none' }, PUT, plain, 'absent')).capability).toBe('cas');
  expect(() => gatePut({ ...BYTES_ONLY, cas: 'none' }, PUT, plain, 'any')).not.toThrow();
});

test('the default content type is that of every backend, named or not', () => {
  const named = parseEntry({ ...file, contentType: 'application/octet-stream' });
  expect(() => gatePut(BYTES_ONLY, PUT, named, 'any')).not.toThrow();
});

test('a body may be as long as the limit and no longer', () => {
  const claims = { ...EVERYTHING, maxBodyBytes: 10 };
  expect(() => gatePut(claims, PUT, parseEntry({ body: new Uint8Array(10) }), 'any')).not.toThrow();
  const tooLong = parseEntry({ body: new Uint8Array(11) });
  expect(typedThrow(() => gatePut(claims, PUT, tooLong, 'any'))).toMatchObject({
    code: 'BODY_TOO_LARGE',
    outcome: 'not-applied',
  });
});

test.each([undefined, null, Number.NaN, '1000', {}])(
  'a limit of %o lets no body through, not even an empty one',
  (limit) => {
    const claims = { ...EVERYTHING, maxBodyBytes: limit as number };
    for (const body of [new Uint8Array(), Uint8Array.of(1)]) {
      const error = typedThrow(() => gatePut(claims, PUT, parseEntry({ body }), 'any'));
      expect(error.code).toMatch(/^(UNSUPPORTED|BODY_TOO_LARGE)$/);
      if (error.code === 'UNSUPPORTED') expect(error.capability).toBe('maxBodyBytes');
    }
  },
);

test.each(DEMANDS)('the base class refuses %s before the backend is called', async (_, entry, expectation) => {
  await using filesystem = new MapFilesystem({ ...BYTES_ONLY, cas: 'none' });
  const error = await typedRejection(filesystem.put('/a', entry as never, expectation));
  expect(error).toMatchObject({ code: 'UNSUPPORTED', outcome: 'not-applied' });
  expect(filesystem.calls).toEqual([]);
});

test('the base class refuses a conditional delete before the backend is called', async () => {
  await using filesystem = new MapFilesystem(BYTES_ONLY);
  expect((await typedRejection(filesystem.delete('/a', { version }))).code).toBe('UNSUPPORTED');
  expect(filesystem.calls).toEqual([]);
});

test.each([undefined, null, 'versioned'])(
  'the base class writes nothing where the adapter claims %o',
  async (claims) => {
    await using filesystem = new MapFilesystem();
    filesystem.claims = claims;
    expect((await typedRejection(filesystem.put('/a', file, 'any'))).code).toBe('UNSUPPORTED');
    expect(filesystem.calls).toEqual([]);
  },
);

test('a path may be as long as is claimed there, in bytes, and no longer', async () => {
  await using filesystem = new MapFilesystem({ ...EVERYTHING, maxPathBytes: 6 });
  await filesystem.put('/12345', file, 'any');
  for (const path of ['/123456', '/12ää']) {
    const calls = [filesystem.get(path), filesystem.put(path, file, 'any'), filesystem.delete(path, 'any')];
    for (const call of calls) expect(await typedRejection(call)).toMatchObject({ code: 'INVALID_PATH', path });
  }
  expect(filesystem.calls).toEqual(['_put']);
});

test.each([null, Number.NaN, {}])('a limit of %o on paths lets none through', async (limit) => {
  await using filesystem = new MapFilesystem({ ...EVERYTHING, maxPathBytes: limit as number });
  expect((await typedRejection(filesystem.put('/a', file, 'any'))).code).toBe('INVALID_PATH');
});

test.each(['create-only', 'none', undefined])(
  'no record is put where cas is %o, whatever is said of records',
  async (cas) => {
    await using filesystem = new MapFilesystem({ ...EVERYTHING, cas });
    const error = await typedRejection(filesystem.put('/a', { ...file, kind: 'Turn' }, 'any'));
    expect(error).toMatchObject({ code: 'UNSUPPORTED', capability: 'cas', outcome: 'not-applied' });
    expect(filesystem.calls).toEqual([]);
  },
);
