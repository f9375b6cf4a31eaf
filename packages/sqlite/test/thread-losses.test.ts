import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import type { Worker } from 'node:worker_threads';
import { CasApply, casUpdate, jsonCodec, type HoldfastError } from '@holdfast/core';
import { ticksDuring } from '@holdfast/test-support';
import { expect, test, vi } from 'vitest';
import { refusal, rejection } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';
import { openThreadStore } from './support/thread-store.ts';
import { AFTER, BEFORE, EXITS, THROWS, WAITS, WAITS_TO_BEGIN } from './threads/faults.ts';

const body = new Uint8Array([1]);
const lists = jsonCodec<readonly string[]>({ kind: 'list' });

test.each([
  ['exits before it commits', EXITS + BEFORE],
  ['exits after it has committed', EXITS + AFTER],
  ['fails in a way that may have landed, and has not', THROWS + BEFORE],
  ['fails in a way that may have landed, and has', THROWS + AFTER],
])('a thread that %s: each write is found out about, and lands once', async (_what, fault) => {
  await using scratch = await makeScratch();
  await using opened = await openThreadStore(scratch.file);
  const { store, threads, setFault } = opened;
  const old = await store.put('/a', { body }, 'absent');
  setFault(fault);
  const [a, b] = await Promise.allSettled([
    store.put('/a', { body: Uint8Array.of(2) }, { version: old.version }),
    store.put('/b', { body }, 'absent'),
  ]);
  // Its version is there, or that which it expects is there still, and then it was sent again.
  expect(a).toEqual({ status: 'fulfilled', value: { version: (await store.get('/a'))?.version } });
  expect((await store.get('/a'))?.body).toEqual(Uint8Array.of(2));
  const landed = fault % 10 === AFTER;
  expect((await store.get('/b')) !== undefined).toBe(landed);
  // A creation of which nothing is there may have been deleted by somebody else.
  if (b.status === 'fulfilled') expect(landed).toBe(true);
  else expect([b.reason, landed]).toMatchObject([{ code: 'OUTCOME_UNKNOWN', outcome: 'unknown' }, false]);
  await store.put('/c', { body }, 'absent');
  expect(threads).toHaveLength(fault < THROWS ? 2 : 1);
});

test('a thread that is terminated or crashes, at any moment, is replaced, and no update is lost or made twice', async () => {
  await using scratch = await makeScratch();
  await using opened = await openThreadStore(scratch.file);
  const { store, threads } = opened;
  const ended: { readonly mark: string; readonly as: string }[] = [];
  const writer = async (name: string): Promise<void> => {
    for (let round = 0; round < 15; round += 1) {
      const mark = `${name}${round}`;
      const update = casUpdate(store, '/list', lists, (list = []) => CasApply.write([...list, mark]));
      ended.push({
        mark,
        as: await update.then(
          () => 'written',
          (error: unknown) => String((error as HoldfastError).outcome),
        ),
      });
      if (round % 5 === 1 && name === 'a') void threads.at(-1)?.terminate();
      // What it does not expect is an error that nobody catches.
      if (round % 5 === 3 && name === 'b') threads.at(-1)?.postMessage(round);
    }
  };
  await store.put('/list', await lists.encode([]), 'absent');
  await Promise.all(['a', 'b', 'c', 'd'].map(writer));
  const found = (await store.get('/list'))?.body;
  const list = JSON.parse(new TextDecoder().decode(found)) as readonly string[];
  expect(new Set(list).size).toBe(list.length);
  for (const { mark, as } of ended) {
    if (as !== 'unknown') expect([mark, list.includes(mark)]).toEqual([mark, as === 'written']);
  }
  expect(ended.filter(({ as }) => as === 'written').length).toBeGreaterThan(30);
  expect(threads.length).toBeGreaterThan(2);
});

test('while the thread waits for the disk timers fire, reads go on, and deadlines are told in time', async () => {
  await using scratch = await makeScratch();
  await using opened = await openThreadStore(scratch.file);
  const { store, setFault, waits, goOn } = opened;
  await store.put('/a', { body }, 'absent');
  setFault(WAITS);
  const stuck = rejection(store.put('/stuck', { body }, 'absent', { timeoutMs: 50 }));
  const beside = store.put('/beside', { body }, 'absent');
  // Behind the others, and not sent.
  const behind = waits().then(() => refusal(store.put('/behind', { body }, 'absent', { timeoutMs: 50 })));
  const ticks = await ticksDuring(
    stuck.then(({ code, outcome }) => expect([code, outcome]).toEqual(['TIMEOUT', 'unknown'])),
  );
  expect(ticks).toBeGreaterThan(10);
  expect(await behind).toBe('TIMEOUT not-applied');
  expect(await store.get('/a')).toBeDefined();
  expect(await store.get('/stuck')).toBe(undefined);
  goOn();
  await beside;
  expect(await store.get('/stuck')).toBeDefined();
  expect(await store.get('/behind')).toBe(undefined);
});

test.skipIf(process.platform !== 'linux')(
  'another SQLite library that opens the file right before the thread has its lock keeps what it writes',
  async () => {
    await using scratch = await makeScratch();
    await using opened = await openThreadStore(scratch.file);
    const { store, setFault, waits, goOn } = opened;
    setFault(WAITS_TO_BEGIN);
    const put = refusal(store.put('/a', { body }, 'absent'));
    await waits();
    using other = new DatabaseSync(scratch.file);
    other.exec('create table orders (note text); begin immediate; insert into orders values (1)');
    goOn();
    expect(await put).toBe('UNSUPPORTED not-applied');
    other.exec('commit');
    expect(other.prepare('select count(*) as n from orders').get()).toEqual({ n: 1 });
    expect(other.prepare('select count(*) as n from holdfast_entries').get()).toEqual({ n: 0 });
  },
);

test('a store that is closed while its thread waits for the disk lets it finish', async () => {
  await using scratch = await makeScratch();
  const { store, threads, setFault, waits, goOn } = await openThreadStore(scratch.file);
  setFault(WAITS);
  const put = store.put('/a', { body }, 'absent');
  await waits();
  const exit = once(threads[0] as Worker, 'exit');
  const closed = store.close();
  goOn();
  await Promise.all([put, closed]);
  expect(await exit).toEqual([0]);
});

test('where no thread can be had, writes are made without one, and the process is warned once', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
  for (const thread of ['./no-such-thread.js', './threads/ends-at-once.ts']) {
    await using scratch = await makeScratch();
    await using opened = await openThreadStore(scratch.file, new URL(thread, import.meta.url));
    const { store } = opened;
    await Promise.all([store.put('/a', { body }, 'absent'), store.put('/b', { body }, 'absent')]);
    expect((await store.list('/')).children).toHaveLength(2);
  }
  expect(warn.mock.calls).toEqual([
    [
      'SQLite writes are made on the event loop, since they could have no thread (MODULE_NOT_FOUND)',
      { type: 'HoldfastWarning', code: 'HOLDFAST_NO_THREAD' },
    ],
  ]);
});
