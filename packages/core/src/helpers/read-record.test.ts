import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { countingController } from '../../test/support/counting-signal.ts';
import { never } from '../../test/support/deferred.ts';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { JUNK, THROWERS, throwingGetter } from '../../test/support/hostile.ts';
import { BYTES_ONLY, EVERYTHING, MapFilesystem } from '../../test/support/map-filesystem.ts';
import { PlainFilesystem } from '../../test/support/plain-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import type { Snapshot } from '../entries/entry.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { mountTable } from '../mounts/mount-table.ts';
import { createRecord } from './create-record.ts';
import { readRecord } from './read-record.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const codec = jsonCodec<{ count: number }>({ kind: 'counter' });

async function withCounter(): Promise<MapFilesystem> {
  const filesystem = new MapFilesystem();
  await createRecord(filesystem, '/a', codec, { count: 1 });
  filesystem.calls.length = 0;
  return filesystem;
}

test('what a codec of the caller does with the bytes that it is given reaches nobody', async () => {
  const filesystem = await withCounter();
  const wiping = {
    ...codec,
    decode: (stored: Snapshot) => {
      const value = codec.decode(stored);
      stored.body.fill(0);
      return value;
    },
  };
  for (const each of [wiping, wiping, codec]) {
    expect((await readRecord(filesystem, '/a', each))?.value).toEqual({ count: 1 });
  }
});

test('it gives the record, its path and its version, in one read', async () => {
  const filesystem = await withCounter();
  const version = filesystem.stored.get('/a')?.version;
  expect(await readRecord(filesystem, '/a', codec)).toEqual({ path: '/a', value: { count: 1 }, version });
  expect(filesystem.calls).toEqual(['_get']);
});

test('where nothing is it gives nothing', async () => {
  expect(await readRecord(new MapFilesystem(), '/a', codec)).toBeUndefined();
});

test('a file, and a record of another kind, are RECORD_INVALID', async () => {
  const filesystem = new MapFilesystem();
  await filesystem.put('/a', { body: Uint8Array.of(1) }, 'absent');
  await createRecord(filesystem, '/b', jsonCodec<number>({ kind: 'other' }), 1);
  for (const path of ['/a', '/b']) {
    expect(await typedRejection(readRecord(filesystem, path, codec))).toMatchObject({
      code: 'RECORD_INVALID',
      operation: 'readRecord',
      path,
      message: 'the record is not of the kind "counter"',
    });
  }
});

test.each<[string, object, string]>([
  ['bytes only', BYTES_ONLY, 'cas'],
  ['versions without records', { ...EVERYTHING, records: false }, 'records'],
])('a path with %s is UNSUPPORTED, and nothing is read', async (_, claims, capability) => {
  const filesystem = new MapFilesystem(claims);
  expect(await typedRejection(readRecord(filesystem, '/a', codec))).toMatchObject({
    code: 'UNSUPPORTED',
    operation: 'readRecord',
    path: '/a',
    capability,
  });
  expect(filesystem.calls).toEqual([]);
});

test('where no mount serves the path that is told as an error of the helper', async () => {
  const table = mountTable([{ at: '/m', filesystem: new MapFilesystem() }]);
  const error = await typedRejection(readRecord(table, '/a', codec));
  expect(error).toMatchObject({ code: 'NOT_MOUNTED', operation: 'readRecord', path: '/a' });
});

test('an error of the filesystem is one of the helper, with code, cause and path, and no outcome', async () => {
  const filesystem = await withCounter();
  const cause = new Error('secret');
  filesystem.before('_get', () => {
    throw new HoldfastError('UNAVAILABLE', 'gone', { cause });
  });
  const error = await typedRejection(readRecord(filesystem, '/a', codec));
  expect(error).toMatchObject({ code: 'UNAVAILABLE', operation: 'readRecord', path: '/a', message: 'gone' });
  expect([error.outcome, error.rawCause()]).toEqual([undefined, cause]);
});

test("what a stranger's filesystem throws is BACKEND_FAILED", async () => {
  const filesystem = new PlainFilesystem();
  filesystem.before = () => {
    throw new TypeError('secret');
  };
  const error = await typedRejection(readRecord(filesystem.asRoot, '/a', codec));
  expect(error).toMatchObject({ code: 'BACKEND_FAILED', operation: 'readRecord', path: '/a' });
});

test("a stranger's record without a version is UNSUPPORTED", async () => {
  const filesystem = Object.assign(new PlainFilesystem(), {
    current: { ...(await (await withCounter()).get('/a')), version: undefined },
  }) as PlainFilesystem;
  const error = await typedRejection(readRecord(filesystem.asRoot, '/a', codec));
  expect(error).toMatchObject({ code: 'UNSUPPORTED', capability: 'cas', path: '/a' });
});

test('what else a codec throws reaches the caller as it is', async () => {
  const mine = new Error('mine');
  const broken = { ...codec, decode: () => Promise.reject(mine) };
  expect(await rejection(readRecord(await withCounter(), '/a', broken))).toBe(mine);
});

test.each<[string, (given: MapFilesystem) => Promise<unknown>, object]>([
  ['a malformed path', (it) => readRecord(it, 'a', codec), { code: 'INVALID_PATH', operation: 'readRecord' }],
  [
    'a misspelt option',
    (it) => readRecord(it, '/a', codec, { timeout: 1 } as object),
    {
      message: 'options has an unknown key timeout (did you mean timeoutMs?); known are signal, timeoutMs',
      path: '/a',
    },
  ],
  ['a wrong timeout', (it) => readRecord(it, '/a', codec, { timeoutMs: -1 }), { path: '/a' }],
  ['a wrong signal', (it) => readRecord(it, '/a', codec, { signal: {} as AbortSignal }), { path: '/a' }],
  [
    'a throwing option',
    (it) => readRecord(it, '/a', codec, throwingGetter('signal')),
    { message: 'options must be readable' },
  ],
  [
    'no codec',
    (it) => readRecord(it, '/a', {} as typeof codec),
    { message: 'codec must be a RecordCodec, such as jsonCodec gives; got an object' },
  ],
  [
    'a filesystem that is not awaited',
    (it) => readRecord(Promise.resolve(it) as unknown as MapFilesystem, '/a', codec),
    { message: 'filesystem must be an opened filesystem, awaited; got a Promise' },
  ],
])('%s is refused before anything is read', async (_, call, expected) => {
  const filesystem = new MapFilesystem();
  const error = await typedRejection(call(filesystem));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'readRecord', ...expected });
  expect(filesystem.calls).toEqual([]);
});

test('whatever is given in place of an argument is a typed refusal', async () => {
  const junk = [...JUNK, ...THROWERS.map(([, make]) => make())] as never[];
  for (const each of junk) {
    const calls = [readRecord(each, '/a', codec), readRecord(new MapFilesystem(), each, codec)];
    for (const call of [...calls, readRecord(new MapFilesystem(), '/a', each)]) {
      await expect(call).rejects.toMatchObject({ operation: 'readRecord' });
    }
  }
});

test('options are read once', async () => {
  const reads: string[] = [];
  const options = {
    get signal() {
      reads.push('signal');
      return undefined;
    },
    get timeoutMs() {
      reads.push('timeoutMs');
      return 1000;
    },
  };
  await readRecord(await withCounter(), '/a', codec, options);
  expect(reads).toEqual(['signal', 'timeoutMs']);
});

const record = { path: '/a', body: new TextEncoder().encode('{"count":1}'), contentType: 'application/json' };
const plain = Object.assign(new PlainFilesystem(), {
  current: { ...record, kind: 'counter', version: 'v' } as never,
});
const hung = Object.assign(new PlainFilesystem(), { before: () => never() });

test.each<[string, PlainFilesystem, typeof codec]>([
  ["a stranger's read", hung, codec],
  ['decoding', plain, { ...codec, decode: () => never() }],
])('the deadline and an abort end %s that hangs, and leave neither a timer nor a listener', async (_, from, given) => {
  const controller = countingController();
  const late = typedRejection(readRecord(from.asRoot, '/a', given, { timeoutMs: 300 }));
  const aborted = typedRejection(readRecord(from.asRoot, '/a', given, { signal: controller.signal }));
  await vi.advanceTimersByTimeAsync(299);
  controller.abort(new Error('mine'));
  await vi.advanceTimersByTimeAsync(1);
  expect(await late).toMatchObject({ code: 'TIMEOUT', operation: 'readRecord', path: '/a' });
  expect(await aborted).toMatchObject({ code: 'ABORTED', operation: 'readRecord', path: '/a' });
  expect((await aborted).outcome).toBeUndefined();
  expect([vi.getTimerCount(), controller.listeners()]).toEqual([0, 0]);
});

test('what is left of the time, and the signal, are handed down', async () => {
  const { signal } = new AbortController();
  const filesystem = new PlainFilesystem();
  await readRecord(filesystem.asRoot, '/a', codec, { timeoutMs: 300, signal });
  await readRecord(filesystem.asRoot, '/a', codec);
  expect(filesystem.calls.map(({ options }) => options)).toEqual([{ timeoutMs: 300, signal }, undefined]);
});
