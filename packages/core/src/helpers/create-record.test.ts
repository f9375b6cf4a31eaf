import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { never } from '../../test/support/deferred.ts';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { JUNK, THROWERS } from '../../test/support/hostile.ts';
import { BYTES_ONLY, EVERYTHING, MapFilesystem } from '../../test/support/map-filesystem.ts';
import { PlainFilesystem } from '../../test/support/plain-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { WRITE_GRACE_MS } from '../operations/until-over.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { createRecord } from './create-record.ts';
import { readRecord } from './read-record.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const codec = jsonCodec<{ count: number }>({ kind: 'counter' });
const value = { count: 1 };

test('it stores the record in one write, and gives it back as it is read', async () => {
  const filesystem = new MapFilesystem();
  const created = await createRecord(filesystem, '/a', codec, value);
  expect(created).toEqual({ path: '/a', value, version: filesystem.stored.get('/a')?.version });
  expect(created.value).toBe(value);
  expect(filesystem.calls).toEqual(['_put']);
  expect(await readRecord(filesystem, '/a', codec)).toEqual(created);
});

test('where something is it is VERSION_MISMATCH, and that stays', async () => {
  const filesystem = new MapFilesystem();
  const { version } = await filesystem.put('/a', { body: Uint8Array.of(1) }, 'absent');
  expect(await typedRejection(createRecord(filesystem, '/a', codec, value))).toMatchObject({
    code: 'VERSION_MISMATCH',
    operation: 'createRecord',
    path: '/a',
    outcome: 'not-applied',
  });
  expect(filesystem.stored.get('/a')?.version).toBe(version);
});

test('of many at once exactly one creates it', async () => {
  const filesystem = new MapFilesystem();
  const creations = Array.from({ length: 20 }, (_, count) => createRecord(filesystem, '/a', codec, { count }));
  const settled = await Promise.allSettled(creations);
  const created = settled.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : []));
  expect(created).toEqual([await readRecord(filesystem, '/a', codec)]);
});

test('a lost reply is resolved as that of any put', async () => {
  const landed = new MapFilesystem();
  const lost = (): never => {
    throw new HoldfastError('UNAVAILABLE', 'lost', { outcome: 'unknown' });
  };
  landed.after('_put', lost);
  expect(await createRecord(landed, '/a', codec, value)).toMatchObject({ version: landed.stored.get('/a')?.version });
  const unknown = new MapFilesystem();
  unknown.before('_put', lost);
  const error = await typedRejection(createRecord(unknown, '/a', codec, value));
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', operation: 'createRecord', path: '/a', outcome: 'unknown' });
});

test.each<[string, object, string]>([
  ['bytes only', BYTES_ONLY, 'cas'],
  ['versions without records', { ...EVERYTHING, records: false }, 'records'],
])(
  'a path with %s is UNSUPPORTED, also for a codec that names no kind, and nothing is written',
  async (_, claims, capability) => {
    const filesystem = new MapFilesystem(claims);
    const kindless = { ...codec, encode: () => ({ body: new Uint8Array() }) };
    for (const each of [codec, kindless]) {
      expect(await typedRejection(createRecord(filesystem, '/a', each, value))).toMatchObject({
        code: 'UNSUPPORTED',
        operation: 'createRecord',
        path: '/a',
        capability,
        outcome: 'not-applied',
      });
    }
    expect(filesystem.calls).toEqual([]);
  },
);

test('a value that the codec will not write is RECORD_INVALID with the field, and nothing is written', async () => {
  const filesystem = new MapFilesystem();
  const error = await typedRejection(createRecord(filesystem, '/a', codec, { count: Number.NaN }));
  expect(error).toMatchObject({
    code: 'RECORD_INVALID',
    operation: 'createRecord',
    path: '/a',
    outcome: 'not-applied',
  });
  expect(error.message).toBe('the value has a part that JSON would change in silence: count');
  expect(filesystem.calls).toEqual([]);
});

test('what else a codec throws reaches the caller as it is, and what is no entry is INVALID_ARGUMENT', async () => {
  const mine = new Error('mine');
  const filesystem = new MapFilesystem();
  const broken = { ...codec, encode: () => Promise.reject(mine) };
  expect(await rejection(createRecord(filesystem, '/a', broken, value))).toBe(mine);
  const empty = { ...codec, encode: () => undefined as never };
  expect(await typedRejection(createRecord(filesystem, '/a', empty, value))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    operation: 'createRecord',
    path: '/a',
    outcome: 'not-applied',
  });
});

test("what a stranger's filesystem throws is BACKEND_FAILED with an unknown outcome", async () => {
  const filesystem = new PlainFilesystem();
  filesystem.before = () => {
    throw new TypeError('secret');
  };
  const error = await typedRejection(createRecord(filesystem.asRoot, '/a', codec, value));
  expect(error).toMatchObject({ code: 'BACKEND_FAILED', operation: 'createRecord', path: '/a', outcome: 'unknown' });
});

test.each<[string, unknown, object]>([
  ['without a version', {}, { code: 'UNSUPPORTED', capability: 'cas' }],
  ['that is none', undefined, { code: 'BACKEND_FAILED' }],
])("a stranger's answer %s is an error of unknown outcome", async (_, answer, expected) => {
  const filesystem = Object.assign(new PlainFilesystem(), { put: async () => answer });
  const error = await typedRejection(createRecord(filesystem.asRoot, '/a', codec, value));
  expect(error).toMatchObject({ operation: 'createRecord', path: '/a', outcome: 'unknown', ...expected });
});

test('the deadline ends encoding that hangs, and nothing is applied', async () => {
  const filesystem = new MapFilesystem();
  const late = typedRejection(
    createRecord(filesystem, '/a', { ...codec, encode: () => never() }, value, { timeoutMs: 300 }),
  );
  await vi.advanceTimersByTimeAsync(300);
  expect(await late).toMatchObject({ code: 'TIMEOUT', operation: 'createRecord', path: '/a', outcome: 'not-applied' });
  expect(vi.getTimerCount()).toBe(0);
  const signal = AbortSignal.abort(new Error('mine'));
  const aborted = await typedRejection(createRecord(filesystem, '/a', codec, value, { signal }));
  expect(aborted).toMatchObject({ code: 'ABORTED', operation: 'createRecord', outcome: 'not-applied' });
  expect(filesystem.calls).toEqual([]);
});

test("a stranger's write that hangs is of unknown outcome after a grace, and one that is answered in it a success", async () => {
  const hung = Object.assign(new PlainFilesystem(), { before: () => never() });
  const slow = new PlainFilesystem();
  slow.after = () => new Promise((resolve) => setTimeout(resolve, 300 + WRITE_GRACE_MS - 1));
  const unknown = typedRejection(createRecord(hung.asRoot, '/a', codec, value, { timeoutMs: 300 }));
  const answered = createRecord(slow.asRoot, '/a', codec, value, { timeoutMs: 300 });
  await vi.advanceTimersByTimeAsync(300 + WRITE_GRACE_MS);
  expect(await unknown).toMatchObject({ code: 'TIMEOUT', operation: 'createRecord', path: '/a', outcome: 'unknown' });
  expect(await answered).toMatchObject({ value, version: 'v1' });
  expect(vi.getTimerCount()).toBe(0);
});

test('whatever is given in place of an argument is a typed refusal, and nothing is written', async () => {
  const filesystem = new MapFilesystem();
  const junk = [...JUNK, ...THROWERS.map(([, make]) => make())] as never[];
  for (const each of junk) {
    const calls = [createRecord(each, '/a', codec, value), createRecord(filesystem, each, codec, value)];
    if (each !== undefined) calls.push(createRecord(filesystem, '/a', codec, value, { timeoutMs: each, signal: each }));
    for (const call of [...calls, createRecord(filesystem, '/a', each, value)]) await typedRejection(call);
  }
  expect(filesystem.calls).toEqual([]);
});
