import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parsePath, SATURATION_CHANNEL } from '@holdfast/core';
import { IN_FLIGHT_GRACE_MS, pause } from '@holdfast/core/adapter';
import { LibsqlError } from '@libsql/client';
import { followGlobals } from '@holdfast/test-support';
import { beforeEach, expect, test, vi } from 'vitest';
import {
  BatchingDriver,
  createStatements,
  deleteMember,
  fragileSqliteProfile,
  nameTables,
  NO_DEADLINE,
  type WriteGroup,
} from '@holdfast/sql';
import { SERVER_BATCHES } from './batches.ts';
import { bind } from './bind.ts';
import type { LibsqlClient, LibsqlResult, LibsqlStatement } from './client.ts';
import { LibsqlDriver } from './driver.ts';
import { RemoteConnection } from './remote-connection.ts';
import { refusal, refusals } from '../test/support/rejection.ts';
import { writeStatements } from './work.ts';

beforeEach(followGlobals);

const tables = nameTables({}, fragileSqliteProfile);
const statements = createStatements(fragileSqliteProfile, tables);

/** A client whose calls wait until they are let go, and how many of them wait at most. */
function makeClient() {
  const waiting: (() => void)[] = [];
  let most = 0;
  const execute = (): Promise<LibsqlResult> =>
    new Promise((resolve) => {
      waiting.push(() => resolve({ rows: [], rowsAffected: 1 }));
      most = Math.max(most, waiting.length);
    });
  const client = { protocol: 'http', closed: false, execute } as unknown as LibsqlClient;
  const letGo = async (work: Promise<unknown>): Promise<void> => {
    let done = false;
    void work.finally(() => (done = true));
    while (!done) {
      waiting.shift()?.();
      await new Promise(setImmediate);
    }
  };
  return { client, most: () => most, letGo };
}

/** A driver on a connection of its own, behind the batches of a store. */
function makeDriver(client: LibsqlClient): BatchingDriver {
  const connection = new RemoteConnection({
    clientFor: () => client,
    close: () => {},
    concurrency: 20,
    busyTimeoutMs: 0,
  });
  return new BatchingDriver(new LibsqlDriver(connection, tables), SERVER_BATCHES);
}

const landed = (writes: number): LibsqlResult[] =>
  Array.from({ length: writes }, () => ({ rows: [], rowsAffected: 1 }));

/** Deletes what is at a path, whatever it is. */
const deletionOf = (path: string): WriteGroup => [
  deleteMember(statements, { path: parsePath(path), expectation: 'any' }),
];

test('few requests that write are under way at once, however many may be that read', async () => {
  const sent: { readonly writes: number; readonly answer: () => void }[] = [];
  const send = (writes: number): Promise<LibsqlResult[]> =>
    new Promise((resolve) => {
      sent.push({ writes, answer: () => resolve(landed(writes)) });
    });
  const driver = makeDriver({
    protocol: 'http',
    closed: false,
    execute: async () => (await send(1))[0],
    batch: (list: readonly LibsqlStatement[]) => send(list.length),
  } as unknown as LibsqlClient);
  const writes: Promise<unknown>[] = [];
  for (const path of ['/a', '/b', '/c', '/d']) {
    writes.push(driver.write([deletionOf(path)], NO_DEADLINE));
    // Who comes in a later turn is in a later batch.
    await nextTurn();
  }
  expect(sent.map((request) => request.writes)).toEqual([1, 1]);
  sent[0]?.answer();
  await writes[0];
  await nextTurn();
  expect(sent.map((request) => request.writes)).toEqual([1, 1, 2]);
  const { client, most, letGo } = makeClient();
  const parts = { clientFor: () => client, close: () => {}, concurrency: 5, busyTimeoutMs: 0 };
  const connection = new RemoteConnection(parts);
  await letGo(Promise.all(Array.from({ length: 20 }, () => connection.read(bind('select 1', []), NO_DEADLINE))));
  expect(most()).toBe(5);
});

test('requests that hang, as many as may be under way, cost 40 other writers less than a fifth of what they write, also at the same paths', async () => {
  vi.useFakeTimers();
  try {
    const advance = async (milliseconds: number): Promise<void> => {
      for (let passed = 0; passed < milliseconds; passed += 5) {
        await vi.advanceTimersByTimeAsync(5);
        await nextTurn();
      }
    };
    const rates: number[] = [];
    for (const hanging of [0, 2]) {
      let hangs = hanging;
      // Like a server, it makes one request after the other.
      let line = Promise.resolve();
      const answer = (count: number): Promise<LibsqlResult[]> => {
        hangs -= 1;
        if (hangs >= 0) return new Promise(() => {});
        line = line.then(() => pause(5, undefined));
        return line.then(() => landed(count));
      };
      const client = {
        protocol: 'http',
        closed: false,
        execute: async () => (await answer(1))[0],
        batch: (list: readonly LibsqlStatement[]) => answer(list.length),
      } as unknown as LibsqlClient;
      const driver = makeDriver(client);
      for (let count = 0; count < hanging; count += 1) {
        void driver.write([deletionOf(`/${count}`)], NO_DEADLINE);
        await nextTurn();
      }
      let [written, over] = [0, false];
      const keepWriting = async (path: string): Promise<void> => {
        for (; !over; written += 1) await driver.write([deletionOf(path)], NO_DEADLINE);
      };
      void Promise.all(Array.from({ length: 40 }, (_, n) => keepWriting(`/${n}`)));
      await advance(4000);
      over = true;
      rates.push(written);
    }
    const [free = NaN, slowed = NaN] = rates;
    expect(free).toBeGreaterThan(20_000);
    expect(slowed).toBeGreaterThan(free * 0.8);
  } finally {
    vi.useRealTimers();
  }
});

test('a connection that is nearly full of calls publishes that once until it is relieved', async () => {
  const published: unknown[] = [];
  const note = (message: unknown): void => void published.push(message);
  subscribe(SATURATION_CHANNEL, note);
  try {
    const { client, letGo } = makeClient();
    const parts = { clientFor: () => client, close: () => {}, concurrency: 5, busyTimeoutMs: 0 };
    const connection = new RemoteConnection(parts);
    const reads = (many: number): Promise<unknown> =>
      Promise.all(Array.from({ length: many }, () => connection.read(bind('select 1', []), NO_DEADLINE)));
    const calls = { bound: 'openLibsql config.concurrency', used: 4, limit: 5 };
    await letGo(reads(3));
    expect(published).toEqual([]);
    await letGo(reads(20));
    expect(published).toEqual([calls]);
    await letGo(reads(4));
    expect(published).toEqual([calls, calls]);
  } finally {
    unsubscribe(SATURATION_CHANNEL, note);
  }
});

test('closing ends the calls that are under way, and sends none of those that wait', async () => {
  const signals: AbortSignal[] = [];
  const silent = { protocol: 'http', execute: () => new Promise(() => {}) } as unknown as LibsqlClient;
  const clientFor = (signal: AbortSignal): LibsqlClient => {
    signals.push(signal);
    return silent;
  };
  const connection = new RemoteConnection({ clientFor, close: () => {}, concurrency: 2, busyTimeoutMs: 0 });
  const write = writeStatements(connection, [bind('delete from t', [])], NO_DEADLINE);
  const reads = [1, 2].map(() => connection.read(bind('select 1', []), NO_DEADLINE));
  connection.close();
  expect(await refusals([write, ...reads])).toEqual([
    'UNAVAILABLE unknown',
    'UNAVAILABLE unknown',
    'CLOSED not-applied',
  ]);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
});

test('a server that is busy is asked again for busyTimeoutMs, and no longer', async () => {
  vi.useFakeTimers();
  try {
    let [asked, busy] = [0, 3];
    const execute = async (): Promise<LibsqlResult> => {
      asked += 1;
      if (asked <= busy) throw new LibsqlError('somebody else writes', 'TRANSACTION_BUSY');
      return { rows: [], rowsAffected: 1 };
    };
    const client = { protocol: 'http', execute } as unknown as LibsqlClient;
    const parts = { clientFor: () => client, close: () => {}, concurrency: 5, busyTimeoutMs: 1000 };
    const connection = new RemoteConnection(parts);
    const write = () => writeStatements(connection, [bind('delete from t', [])], NO_DEADLINE);
    const landing = write();
    await vi.advanceTimersByTimeAsync(100);
    expect([await landing, asked]).toEqual([[1], 4]);
    busy = Infinity;
    let end: string | undefined;
    void refusal(write()).then((code) => (end = code));
    await vi.advanceTimersByTimeAsync(999);
    expect(end).toBe(undefined);
    await vi.advanceTimersByTimeAsync(1);
    expect(end).toBe('BUSY not-applied');
  } finally {
    vi.useRealTimers();
  }
});

test('a call whose caller has given up is cancelled: a read at once, a write after its grace', async () => {
  vi.useFakeTimers();
  try {
    const signals: AbortSignal[] = [];
    const silent = { protocol: 'http', execute: () => new Promise(() => {}) } as unknown as LibsqlClient;
    const clientFor = (signal: AbortSignal): LibsqlClient => {
      signals.push(signal);
      return silent;
    };
    const connection = new RemoteConnection({ clientFor, close: () => {}, concurrency: 5, busyTimeoutMs: 0 });
    const caller = new AbortController();
    const context = { ...NO_DEADLINE, signal: caller.signal };
    const read = refusal(connection.read(bind('select 1', []), context));
    const write = refusal(writeStatements(connection, [bind('delete from t', [])], context));
    const cancelled = (): boolean[] => signals.map(({ aborted }) => aborted);
    await vi.advanceTimersByTimeAsync(1000);
    expect(cancelled()).toEqual([false, false]);
    caller.abort();
    await vi.advanceTimersByTimeAsync(IN_FLIGHT_GRACE_MS - 1);
    expect([cancelled(), await read]).toEqual([[true, false], 'UNAVAILABLE unknown']);
    await vi.advanceTimersByTimeAsync(1);
    expect([cancelled(), await write]).toEqual([[true, true], 'UNAVAILABLE unknown']);
  } finally {
    vi.useRealTimers();
  }
});
