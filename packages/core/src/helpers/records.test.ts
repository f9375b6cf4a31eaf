import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { collect } from '../../test/support/collect.ts';
import { countingController } from '../../test/support/counting-signal.ts';
import { never } from '../../test/support/deferred.ts';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { JUNK, THROWERS } from '../../test/support/hostile.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { stranger } from '../../test/support/stranger.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import { versionedCodec } from '../codecs/versioned-codec.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { createRecord } from './create-record.ts';
import { records, type RecordsOptions } from './records.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const codec = jsonCodec<number>({ kind: 'n' });

/** Records 0, 1, 2 … below `/n`, and one beside it. */
async function withRecords(many: number): Promise<MapFilesystem> {
  const filesystem = new MapFilesystem();
  for (let n = 0; n < many; n += 1) await createRecord(filesystem, `/n/${n}`, codec, n);
  await createRecord(filesystem, '/o', codec, -1);
  filesystem.calls.length = 0;
  return filesystem;
}

const values = async (filesystem: MapFilesystem, options?: RecordsOptions): Promise<number[]> =>
  (await collect(records(filesystem, '/n', codec, options))).map(({ value }) => value);

test('it gives every record below the directory in order, with its path and version, page by page', async () => {
  const filesystem = await withRecords(5);
  const all = await collect(records(filesystem, '/n', codec, { pageSize: 2 }));
  expect(all).toEqual(
    [0, 1, 2, 3, 4].map((value) => {
      const path = `/n/${value}`;
      return { path, value, version: filesystem.stored.get(path)?.version };
    }),
  );
  expect(filesystem.calls).toEqual(['_scan', '_scan', '_scan']);
  expect(await values(filesystem, { after: '/n/2' })).toEqual([3, 4]);
  expect(await collect(records(filesystem, '/none', codec))).toEqual([]);
});

test('nothing is read before the first step, no page ahead of it is, and who takes no more ends it', async () => {
  const filesystem = await withRecords(5);
  const returned = vi.fn<() => void>();
  const watched = stranger(filesystem, {
    entries: (...given: Parameters<MapFilesystem['entries']>) => {
      const entries = filesystem.entries(...given);
      return { next: () => entries.next(), return: () => (returned(), entries.return?.()) };
    },
  });
  const iteration = records(watched, '/n', codec, { pageSize: 2 });
  expect(filesystem.calls).toEqual([]);
  for await (const { value } of iteration) if (value === 1) break;
  expect(filesystem.calls).toEqual(['_scan']);
  expect(returned).toHaveBeenCalledOnce();
  expect(await iteration.next()).toEqual({ done: true, value: undefined });
});

test('what the codec cannot read ends the iteration, with the path of the entry', async () => {
  const filesystem = await withRecords(2);
  await filesystem.put('/n/0/file', { body: Uint8Array.of(1) }, 'absent');
  const iteration = records(filesystem, '/n', codec);
  expect((await iteration.next()).value).toMatchObject({ path: '/n/0' });
  const error = await typedRejection(iteration.next());
  expect(error).toMatchObject({ code: 'RECORD_INVALID', operation: 'records', path: '/n/0/file' });
  expect(error.outcome).toBeUndefined();
  expect(await iteration.next()).toEqual({ done: true, value: undefined });
  expect(await values(filesystem, { after: '/n/0/file' })).toEqual([1]);
});

test('`onUnreadable` is told of files, other kinds, damage and newer formats, and the iteration goes on', async () => {
  const filesystem = await withRecords(2);
  await filesystem.put('/n/0/a', { body: Uint8Array.of(1) }, 'absent');
  await filesystem.put('/n/0/b', { body: Uint8Array.of(1), kind: 'n', contentType: 'application/json' }, 'absent');
  await createRecord(filesystem, '/n/0/c', jsonCodec<number>({ kind: 'other' }), 1);
  await createRecord(filesystem, '/n/0/d', versionedCodec(codec, { codec, up: (n) => n }), 1);
  const told: string[] = [];
  const onUnreadable: RecordsOptions['onUnreadable'] = (error, entry) => {
    told.push(`${entry.path} ${error.path} ${error.code}`);
  };
  const all = await collect(records(filesystem, '/n', versionedCodec(codec), { onUnreadable }));
  expect(all.map(({ value }) => value)).toEqual([0, 1]);
  expect(told).toEqual([
    '/n/0/a /n/0/a RECORD_INVALID',
    '/n/0/b /n/0/b RECORD_INVALID',
    '/n/0/c /n/0/c RECORD_INVALID',
    '/n/0/d /n/0/d RECORD_TOO_NEW',
  ]);
});

test('what `onUnreadable` or the codec throws ends the iteration as it is', async () => {
  const mine = new Error('mine');
  const throwIt = () => {
    throw mine;
  };
  const filesystem = await withRecords(1);
  await filesystem.put('/n/0/a', { body: Uint8Array.of(1) }, 'absent');
  expect(await rejection(values(filesystem, { onUnreadable: throwIt }))).toBe(mine);
  const broken = { ...codec, decode: throwIt };
  expect(await rejection(collect(records(filesystem, '/', broken, { onUnreadable: () => {} })))).toBe(mine);
});

test('an error of the filesystem is one of the helper, and names the entry that is to blame', async () => {
  const filesystem = await withRecords(3);
  filesystem.before('_scan', (_context, nth) => {
    if (nth > 1) throw new HoldfastError('CORRUPT', 'damaged', { path: '/n/1' });
  });
  const iteration = records(filesystem, '/n', codec, { pageSize: 1 });
  await iteration.next();
  const error = await typedRejection(iteration.next());
  expect(error).toMatchObject({ code: 'CORRUPT', operation: 'records', path: '/n/1' });
  const broken = stranger(filesystem, {
    entries: () => {
      throw new TypeError('secret');
    },
  });
  expect(await typedRejection(records(broken, '/n', codec).next())).toMatchObject({
    code: 'BACKEND_FAILED',
    operation: 'records',
    path: '/n',
  });
});

test('a deadline bounds a page and a decoding that hang, and not what the consumer does in between', async () => {
  const filesystem = await withRecords(2);
  const patient = records(filesystem, '/n', codec, { timeoutMs: 300 });
  await patient.next();
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await patient.next()).toMatchObject({ value: { value: 1 } });
  const hung = stranger(filesystem, { entries: () => ({ next: () => never(), return: () => never() }) });
  const hangsLater = stranger(filesystem, {
    entries: () => {
      const ours = filesystem.entries('/n');
      const first = ours.next();
      let asked = 0;
      return { next: () => ((asked += 1) === 1 ? first : never()), return: () => never() };
    },
  });
  const later = records(hangsLater, '/n', codec, { timeoutMs: 300 });
  await later.next();
  for (const iteration of [
    records(hung, '/n', codec, { timeoutMs: 300 }),
    later,
    records(filesystem, '/n', { ...codec, decode: () => never() }, { timeoutMs: 300 }),
  ]) {
    const late = typedRejection(iteration.next());
    await vi.advanceTimersByTimeAsync(300);
    expect(await late).toMatchObject({ code: 'TIMEOUT', operation: 'records' });
  }
  expect(vi.getTimerCount()).toBe(0);
});

test('an abort ends the iteration at its next step, or the one under way', async () => {
  const filesystem = await withRecords(2);
  const controller = countingController();
  const { signal } = controller;
  const iteration = records(filesystem, '/n', codec, { signal });
  const hanging = records(filesystem, '/n', { ...codec, decode: () => never() }, { signal });
  await iteration.next();
  const underWay = typedRejection(hanging.next());
  await vi.advanceTimersByTimeAsync(0);
  controller.abort(new Error('mine'));
  for (const step of [underWay, typedRejection(iteration.next())]) {
    expect(await step).toMatchObject({ code: 'ABORTED', operation: 'records' });
  }
  expect(controller.listeners()).toBe(0);
});

test.each<[string, () => AsyncIterator<unknown>, object]>([
  ['a malformed path', () => records(new MapFilesystem(), 'n', codec), { code: 'INVALID_PATH' }],
  [
    'a misspelt option',
    () => records(new MapFilesystem(), '/n', codec, { onUnreadible: () => {} } as object),
    { message: /^options has an unknown key onUnreadible \(did you mean onUnreadable\?\)/ },
  ],
  ['no function', () => records(new MapFilesystem(), '/n', codec, { onUnreadable: true as never }), { path: '/n' }],
  ['a wrong page size', () => records(new MapFilesystem(), '/n', codec, { pageSize: 0 }), { path: '/n' }],
  ['a wrong deadline', () => records(new MapFilesystem(), '/n', codec, { timeoutMs: -1 }), { path: '/n' }],
  ['no codec', () => records(new MapFilesystem(), '/n', {} as typeof codec), { path: '/n' }],
])('%s rejects the first step', async (_, call, { message, ...expected }: { readonly message?: RegExp }) => {
  const error = await typedRejection(call().next());
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'records', ...expected });
  expect(error.message).toMatch(message ?? /./);
});

test('whatever is given in place of an argument is a typed refusal', async () => {
  const junk = [...JUNK, ...THROWERS.map(([, make]) => make())] as never[];
  for (const each of junk) {
    const calls = [records(each, '/n', codec), records(new MapFilesystem(), each, codec)];
    for (const call of [...calls, records(new MapFilesystem(), '/n', each)]) {
      await expect(call.next()).rejects.toMatchObject({ operation: 'records' });
    }
  }
});
