import { expect, test } from 'vitest';
import { bytes, textOf } from '../../test/support/bytes.ts';
import { BYTES_ONLY, EVERYTHING, MapFilesystem } from '../../test/support/map-filesystem.ts';
import { PlainFilesystem } from '../../test/support/plain-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import type { EntryInput } from '../entries/entry.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { CasApply } from './cas-apply.ts';
import type { CasContext } from './cas-result.ts';
import { casUpdate } from './cas-update.ts';

failOnUnhandledRejections();

interface Counter {
  count: number;
}
const codec = jsonCodec<Counter>({ kind: 'counter' });

/** A filesystem with a counter at `/a`, whose calls are counted from then on. */
async function holding(count: number): Promise<{ filesystem: MapFilesystem; version: unknown }> {
  const filesystem = new MapFilesystem();
  const { version } = await casUpdate(filesystem, '/a', codec, () => CasApply.write({ count }));
  filesystem.calls.length = 0;
  return { filesystem, version };
}

test('a write creates, and replaces, in one read and one write', async () => {
  const filesystem = new MapFilesystem();
  for (const count of [1, 2]) {
    const result = await casUpdate(filesystem, '/a', codec, (current) =>
      CasApply.write({ count: (current?.count ?? 0) + 1 }, 'done'),
    );
    const version = filesystem.stored.get('/a')?.version;
    expect(result).toEqual({ outcome: 'done', snapshot: { count }, version, written: true, attempts: 1 });
  }
  expect(filesystem.calls).toEqual(['_get', '_put', '_get', '_put']);
});

test('a noOp reads once and gives what is there, or that nothing is', async () => {
  const { filesystem, version } = await holding(1);
  const kept = await casUpdate(filesystem, '/a', codec, () => CasApply.noOp('kept'));
  expect(kept).toEqual({ outcome: 'kept', snapshot: { count: 1 }, version, written: false, attempts: 1 });
  const none = await casUpdate(filesystem, '/b', codec, () => CasApply.noOp('none'));
  expect(none).toEqual({ outcome: 'none', snapshot: undefined, version: undefined, written: false, attempts: 1 });
  expect(filesystem.calls).toEqual(['_get', '_get']);
});

test('a forced write writes what is there already, and creates', async () => {
  const { filesystem, version } = await holding(1);
  const forced = await casUpdate(filesystem, '/a', codec, (current) => CasApply.forceWrite(current as Counter, 'x'));
  expect(forced).toMatchObject({ outcome: 'x', snapshot: { count: 1 }, written: true });
  expect(forced.version).not.toBe(version);
  expect(filesystem.stored.get('/a')?.version).toBe(forced.version);
  expect((await casUpdate(filesystem, '/b', codec, () => CasApply.forceWrite({ count: 0 }))).written).toBe(true);
});

test('a delete deletes, looks again, and gives its own outcome', async () => {
  const { filesystem } = await holding(1);
  const gone = await casUpdate(filesystem, '/a', codec, () => CasApply.delete('gone'));
  expect(gone).toEqual({ outcome: 'gone', snapshot: undefined, version: undefined, written: true, attempts: 1 });
  expect(filesystem.calls).toEqual(['_get', '_delete', '_get']);
  filesystem.calls.length = 0;
  const nothing = await casUpdate(filesystem, '/a', codec, () => CasApply.delete('nothing'));
  expect(nothing).toEqual({ outcome: 'nothing', snapshot: undefined, version: undefined, written: false, attempts: 1 });
  expect(filesystem.calls).toEqual(['_get']);
});

test('a record that was recreated right after the delete is what the result shows', async () => {
  const { filesystem } = await holding(1);
  filesystem.after('_delete', () => casUpdate(filesystem, '/a', codec, () => CasApply.write({ count: 7 })));
  const result = await casUpdate(filesystem, '/a', codec, () => CasApply.delete('gone'));
  const version = filesystem.stored.get('/a')?.version;
  expect(result).toEqual({ outcome: 'gone', snapshot: { count: 7 }, version, written: true, attempts: 1 });
});

test.each(['BUSY', 'VERSION_MISMATCH', 'UNAVAILABLE', 'UNSUPPORTED', 'CORRUPT'] as const)(
  'a delete whose second look fails with %s does not run apply again, and promises nothing',
  async (code) => {
    const { filesystem } = await holding(1);
    let runs = 0;
    filesystem.before('_get', (_, nth) => {
      if (nth === 2) throw new HoldfastError(code, 'no');
    });
    const update = casUpdate(filesystem, '/a', codec, () => {
      runs += 1;
      return CasApply.delete();
    });
    const error = await typedRejection(update);
    expect(error).toMatchObject({ operation: 'casUpdate', path: '/a', outcome: 'unknown', retryable: false });
    expect(error.code).toBe(code === 'UNSUPPORTED' ? 'CAS_UNSUPPORTED' : code);
    expect(runs).toBe(1);
    expect(filesystem.stored.size).toBe(0);
  },
);

test('a codec that cannot read what was recreated fails with its own error', async () => {
  const { filesystem } = await holding(1);
  filesystem.after('_delete', () => filesystem.put('/a', { body: bytes('x'), kind: 'other' }, 'any'));
  const error = await rejection(casUpdate(filesystem, '/a', codec, () => CasApply.delete()));
  expect(error).toMatchObject({ code: 'RECORD_INVALID' });
});

test('apply may be synchronous or not, and its context tells where it is', async () => {
  const { filesystem, version } = await holding(1);
  const contexts: CasContext[] = [];
  for (const apply of [
    (_: unknown, context: CasContext) => (contexts.push(context), CasApply.noOp()),
    async (_: unknown, context: CasContext) => (contexts.push(context), CasApply.noOp()),
    (_: unknown, context: CasContext) => Promise.resolve((contexts.push(context), CasApply.noOp())),
  ]) {
    await casUpdate(filesystem, '/a', codec, apply, { timeoutMs: 1000 });
  }
  expect(contexts).toHaveLength(3);
  for (const context of contexts) {
    expect(context).toMatchObject({ path: '/a', attempt: 1, version });
    expect(context.remainingMs()).toBeLessThanOrEqual(1000);
    expect(context.signal.aborted).toBe(false);
    expect(Object.isFrozen(context)).toBe(true);
    expect(() => Object.assign(context, { attempt: 9 })).toThrow(TypeError);
  }
});

test.each([
  new Error('mine'),
  new HoldfastError('VERSION_MISMATCH', 'elsewhere'),
  new HoldfastError('BUSY', 'elsewhere'),
  'text',
  undefined,
  null,
  0,
  { a: 1 },
])('what apply throws (%#) reaches the caller as it is, and is not retried', async (thrown) => {
  const { filesystem } = await holding(1);
  let runs = 0;
  for (const apply of [
    (): never => {
      runs += 1;
      throw thrown;
    },
    async (): Promise<never> => {
      runs += 1;
      throw thrown;
    },
  ]) {
    expect(await rejection(casUpdate(filesystem, '/a', codec, apply))).toBe(thrown);
  }
  expect(runs).toBe(2);
  expect(filesystem.calls).toEqual(['_get', '_get']);
});

test.each([undefined, null, 1, 'noOp', {}, { decision: 'write', next: { count: 2 } }, { count: 2 }, CasApply.write])(
  'an apply that returns no decision (%#) is refused, and nothing is written',
  async (returned) => {
    const { filesystem } = await holding(1);
    const error = await typedRejection(casUpdate(filesystem, '/a', codec, () => returned as never));
    expect(error).toMatchObject({
      code: 'INVALID_ARGUMENT',
      operation: 'casUpdate',
      path: '/a',
      outcome: 'not-applied',
    });
    expect(filesystem.calls).toEqual(['_get']);
  },
);

test('what the codec throws reaches the caller as it is, and nothing is written', async () => {
  const { filesystem } = await holding(1);
  for (const thrown of [new Error('mine'), new HoldfastError('VERSION_MISMATCH', 'mine'), undefined]) {
    const fail = (): never => {
      throw thrown;
    };
    const failLater = async (): Promise<never> => fail();
    for (const broken of [{ encode: fail }, { encode: failLater }, { decode: fail }, { decode: failLater }]) {
      const update = casUpdate(filesystem, '/a', { ...codec, ...broken }, () => CasApply.write({ count: 2 }));
      expect(await rejection(update)).toBe(thrown);
    }
  }
  expect(filesystem.count('_put')).toBe(0);
});

test.each([
  undefined,
  null,
  { body: 'text' },
  { body: bytes(''), kind: 'no kind' },
  {
    get body() {
      throw new Error('x');
    },
  },
])('an entry that cannot be one (%#) is an invalid argument, and nothing is written', async (encoded) => {
  const filesystem = new MapFilesystem();
  const bad: RecordCodec<number> = { encode: () => encoded as EntryInput, decode: () => 1 };
  const error = await typedRejection(casUpdate(filesystem, '/a', bad, () => CasApply.write(1)));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'casUpdate', path: '/a', outcome: 'not-applied' });
  expect(filesystem.calls).toEqual(['_get']);
});

test('what is stored already is not written again, byte for byte, with kind, content type and index', async () => {
  const filesystem = new MapFilesystem();
  const body = bytes('same');
  const base = { body, kind: 'k', contentType: 'text/plain', indexed: { a: 1, b: 'x' } };
  const write = async (entry: EntryInput): Promise<boolean> => {
    const fixed: RecordCodec<string> = { encode: () => entry, decode: () => 'value' };
    return (await casUpdate(filesystem, '/a', fixed, () => CasApply.write('value'))).written;
  };
  expect(await write(base)).toBe(true);
  expect(await write({ ...base, body: bytes('same'), indexed: { b: 'x', a: 1 } })).toBe(false);
  for (const other of [
    { ...base, body: bytes('Same') },
    { ...base, body: bytes('same ') },
    { ...base, kind: 'l' },
    { ...base, contentType: 'text/html' },
    { ...base, indexed: { a: 1, b: 'y' } },
    { ...base, indexed: { a: 1 } },
    { ...base, indexed: {} },
    { body, kind: 'k', contentType: 'text/plain' },
  ]) {
    expect(await write(other)).toBe(true);
    expect(await write(other)).toBe(false);
  }
});

test('the order of keys is part of the bytes', async () => {
  const filesystem = new MapFilesystem();
  const pairs = jsonCodec<Record<string, number>>({ kind: 'pairs' });
  await casUpdate(filesystem, '/a', pairs, () => CasApply.write({ a: 1, b: 2 }));
  expect((await casUpdate(filesystem, '/a', pairs, () => CasApply.write({ a: 1, b: 2 }))).written).toBe(false);
  expect((await casUpdate(filesystem, '/a', pairs, () => CasApply.write({ b: 2, a: 1 }))).written).toBe(true);
});

test('a skipped write keeps the version', async () => {
  const { filesystem, version } = await holding(1);
  const result = await casUpdate(filesystem, '/a', codec, () => CasApply.write({ count: 1 }, 'same'));
  expect(result).toEqual({ outcome: 'same', snapshot: { count: 1 }, version, written: false, attempts: 1 });
  expect(filesystem.calls).toEqual(['_get']);
});

test('an apply that changes the record in place and returns it writes', async () => {
  const { filesystem } = await holding(1);
  const result = await casUpdate(filesystem, '/a', codec, (current) => {
    (current as Counter).count += 1;
    return CasApply.write(current as Counter);
  });
  expect(result).toMatchObject({ written: true, snapshot: { count: 2 } });
});

test('so does one that changes the very bytes or the very index that the codec was given', async () => {
  const filesystem = new PlainFilesystem();
  const raw: RecordCodec<EntryInput> = {
    encode: (it) => it,
    decode: ({ body, indexed }) => ({ body, kind: 'k', indexed }),
  };
  const write = (change: (it: EntryInput) => void): Promise<{ written: boolean }> =>
    casUpdate(filesystem.asRoot, '/a', raw, (current) => {
      const entry = current ?? { body: bytes('ab'), kind: 'k', indexed: { n: 1 } };
      change(entry);
      return CasApply.write(entry);
    });
  expect((await write(() => {})).written).toBe(true);
  // A store of a stranger, whose index is not frozen.
  Object.assign(filesystem, {
    current: { ...filesystem.current, indexed: { n: 1 }, contentType: 'application/octet-stream' },
  });
  expect((await write(() => {})).written).toBe(false);
  expect((await write(({ body }) => body.fill(0x7a))).written).toBe(true);
  expect(textOf(filesystem.current)).toBe('zz');
  Object.assign(filesystem.current as object, { indexed: { n: 1 } });
  expect((await write(({ indexed }) => Object.assign(indexed as object, { n: 2 }))).written).toBe(true);
  expect(filesystem.current?.indexed).toEqual({ n: 2 });
});

test('what apply did to the record before a noOp is not reported as stored', async () => {
  const { filesystem } = await holding(1);
  const { snapshot } = await casUpdate(filesystem, '/a', codec, (current) => {
    (current as Counter).count = 99;
    return CasApply.noOp();
  });
  expect(snapshot).toEqual({ count: 1 });
});

test('a path that cannot do it is refused before anything is read, whoever the filesystem is', async () => {
  const refusing = [
    BYTES_ONLY,
    { ...EVERYTHING, cas: 'create-only' },
    { ...EVERYTHING, records: false },
    undefined,
    null,
    {},
    'versioned',
  ];
  for (const claims of refusing) {
    const filesystem = new PlainFilesystem();
    Object.assign(filesystem, { capabilitiesAt: () => claims });
    let runs = 0;
    const update = casUpdate(filesystem.asRoot, '/a', codec, () => {
      runs += 1;
      return CasApply.forceWrite({ count: 1 });
    });
    expect(await typedRejection(update)).toMatchObject({
      code: 'CAS_UNSUPPORTED',
      operation: 'casUpdate',
      outcome: 'not-applied',
    });
    expect([runs, filesystem.calls.length]).toEqual([0, 0]);
  }
});

test('the gate comes before the deadline and the signal', async () => {
  const filesystem = new MapFilesystem(BYTES_ONLY);
  const update = casUpdate(filesystem, '/a', codec, () => CasApply.noOp(), {
    timeoutMs: 0,
    signal: AbortSignal.abort(),
  });
  expect((await typedRejection(update)).code).toBe('CAS_UNSUPPORTED');
});

test.each(['get', 'put', 'delete'] as const)(
  'an UNSUPPORTED of %s, against what was claimed, is CAS_UNSUPPORTED',
  async (method) => {
    const filesystem = new PlainFilesystem();
    await casUpdate(filesystem.asRoot, '/a', codec, () => CasApply.write({ count: 1 }));
    const lie = new HoldfastError('UNSUPPORTED', 'not really', { operation: method, path: '/a', capability: 'cas' });
    filesystem.calls.length = 0;
    filesystem.before = (call) => (call.method === method ? Promise.reject(lie) : undefined);
    const update = casUpdate(filesystem.asRoot, '/a', codec, () =>
      method === 'delete' ? CasApply.delete() : CasApply.write({ count: 2 }),
    );
    const error = await typedRejection(update);
    expect(error).toMatchObject({
      code: 'CAS_UNSUPPORTED',
      operation: 'casUpdate',
      capability: 'cas',
      outcome: 'not-applied',
    });
    expect(filesystem.methods).toEqual(method === 'get' ? ['get'] : ['get', method]);
  },
);

test('a store that reads without versions is refused, and never written unconditionally', async () => {
  const filesystem = new PlainFilesystem();
  await casUpdate(filesystem.asRoot, '/a', codec, () => CasApply.write({ count: 1 }));
  Object.assign(filesystem.current as object, { version: undefined });
  filesystem.calls.length = 0;
  for (const decision of [CasApply.write({ count: 2 }), CasApply.forceWrite({ count: 1 }), CasApply.delete()]) {
    const error = await typedRejection(casUpdate(filesystem.asRoot, '/a', codec, () => decision));
    expect(error).toMatchObject({ code: 'CAS_UNSUPPORTED', capability: 'cas', outcome: 'not-applied' });
  }
  expect(filesystem.methods).toEqual(['get', 'get', 'get']);
});

test('a store that answers a write without a version is an error of unknown outcome, and no result without one', async () => {
  for (const answer of [{ version: undefined }, {}, undefined]) {
    const filesystem = Object.assign(new PlainFilesystem(), { put: async () => answer });
    const error = await typedRejection(casUpdate(filesystem.asRoot, '/a', codec, () => CasApply.write({ count: 1 })));
    expect(error).toMatchObject({ code: 'CAS_UNSUPPORTED', capability: 'cas', path: '/a', outcome: 'unknown' });
  }
});

test('every write is conditional on what was read', async () => {
  const filesystem = new PlainFilesystem();
  const write = (count: number) => casUpdate(filesystem.asRoot, '/a', codec, () => CasApply.write({ count }));
  await write(1);
  await write(2);
  await casUpdate(filesystem.asRoot, '/a', codec, () => CasApply.delete());
  await write(3);
  const expectations = filesystem.calls.flatMap(({ method, expectation }) => (method === 'get' ? [] : [expectation]));
  expect(expectations).toEqual(['absent', { version: 'v1' }, { version: 'v2' }, 'absent']);
});

test("the backend's other errors end it at once, with an outcome", async () => {
  for (const code of [
    'ACCESS_DENIED',
    'STORAGE_FULL',
    'CORRUPT',
    'BODY_TOO_LARGE',
    'PATH_CONFLICT',
    'CLOSED',
  ] as const) {
    for (const on of ['_get', '_put'] as const) {
      const { filesystem } = await holding(1);
      const cause = new Error('driver');
      filesystem.before(on, () => {
        throw new HoldfastError(code, 'no', { outcome: 'not-applied', cause });
      });
      const error = await typedRejection(casUpdate(filesystem, '/a', codec, () => CasApply.write({ count: 2 })));
      expect(error).toMatchObject({ code, path: '/a', outcome: 'not-applied' });
      expect(error.rawCause()).toBe(cause);
      expect(filesystem.calls).toEqual(on === '_get' ? ['_get'] : ['_get', '_put']);
    }
  }
});
