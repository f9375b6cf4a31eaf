import { expect, test } from 'vitest';
import { JUNK, THROWERS, throwingGetter } from '../../test/support/hostile.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { mintVersion } from '../versions/version.ts';
import { parseDeleteExpectation, parseExpectation } from './cas-expectation.ts';

const version = mintVersion();
const SHAPES: readonly unknown[] = [
  ...JUNK,
  version,
  { version: undefined },
  { version: null },
  { version: 0 },
  { version: '' },
  { version: 'a b' },
  { version: 'x'.repeat(129) },
  { version: [version] },
  { version: new String(version) },
  { version: { toString: () => version } },
  { version, extra: 1 },
  { version, [Symbol('extra')]: 1 },
  { Version: version },
  { version: 'any', any: true },
  Object.create({ version }),
  Object.assign(Object.create({ version }), { other: 1 }),
  [version],
  Object.assign([], { version }),
  Object.assign(() => version, { version }),
];

test('it takes the three expectations of a put', () => {
  expect(parseExpectation('absent')).toBe('absent');
  expect(parseExpectation('any')).toBe('any');
  expect(parseExpectation({ version })).toEqual({ version });
});

test('it takes the two expectations of a delete', () => {
  expect(parseDeleteExpectation('any')).toBe('any');
  expect(parseDeleteExpectation({ version })).toEqual({ version });
  expect(typedThrow(() => parseDeleteExpectation('absent')).code).toBe('INVALID_ARGUMENT');
});

test('an object without a prototype is as good as any', () => {
  expect(parseExpectation(Object.assign(Object.create(null), { version }))).toEqual({ version });
});

test('what was parsed is a frozen copy', () => {
  const given = { version };
  const parsed = parseExpectation(given);
  given.version = mintVersion();
  expect(parsed).toEqual({ version });
  expect(Object.isFrozen(parsed)).toBe(true);
});

test('a version is read once, so that a getter cannot show one and then another', () => {
  let reads = 0;
  const shifty = {
    get version() {
      reads += 1;
      return reads === 1 ? version : 'any thing';
    },
  };
  expect(parseExpectation(shifty)).toEqual({ version });
  expect(reads).toBe(1);
});

test.each(SHAPES.map((shape) => [shape]))('it refuses %#', (shape) => {
  for (const parse of [parseExpectation, parseDeleteExpectation]) {
    expect(typedThrow(() => parse(shape))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  }
});

test.each(SHAPES.map((shape) => [shape]))('a put and a delete with %# reach no backend', async (shape) => {
  await using filesystem = new MapFilesystem();
  const refused = { code: 'INVALID_ARGUMENT', outcome: 'not-applied', path: '/a' };
  const put = filesystem.put('/a', { body: Uint8Array.of(1) }, shape as 'any');
  expect(await typedRejection(put)).toMatchObject({ ...refused, operation: 'put' });
  const deleted = filesystem.delete('/a', shape as 'any');
  expect(await typedRejection(deleted)).toMatchObject({ ...refused, operation: 'delete' });
  expect(filesystem.calls).toEqual([]);
});

test.each([...THROWERS, ['a getter that throws', () => throwingGetter('version')] as const])(
  '%s is an invalid argument, which was not applied',
  async (_, make) => {
    await using filesystem = new MapFilesystem();
    const refused = { code: 'INVALID_ARGUMENT', outcome: 'not-applied', path: '/a' };
    const put = filesystem.put('/a', { body: Uint8Array.of(1) }, make() as never);
    expect(await typedRejection(put)).toMatchObject(refused);
    expect(await typedRejection(filesystem.delete('/a', make() as never))).toMatchObject(refused);
    expect(filesystem.calls).toEqual([]);
  },
);

test('the message shows the rule and not the value', () => {
  const { message } = typedThrow(() => parseExpectation({ version: 'se cret' }));
  expect(message).toContain('"absent"');
  expect(message).not.toContain('cret');
  expect(typedThrow(() => parseDeleteExpectation('secret')).message).not.toMatch(/secret|absent/);
});
