import { nameTables, sqliteProfile } from '@holdfast/sql';
import { skewedClock, type SkewedClock } from '@holdfast/test-support';
import { beforeEach, expect, test, vi } from 'vitest';
import { libsqlCapabilities, SERVER_PROMISES } from '../src/capabilities.ts';
import type { LibsqlClient, LibsqlResult } from '../src/client.ts';
import { SERVER_BATCHES } from '../src/batches.ts';
import { LibsqlDriver } from '../src/driver.ts';
import { openLibsql } from '../src/index.ts';
import { LibsqlSqlFilesystem } from '../src/libsql-filesystem.ts';
import { RemoteConnection } from '../src/remote-connection.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

const DEADLINE_MS = 100;
const options = { timeoutMs: DEADLINE_MS };
const entry = { body: new Uint8Array([1]) };

let skewed: SkewedClock;
beforeEach(() => {
  skewed = skewedClock();
  return () => {
    vi.useRealTimers();
    skewed.undo();
  };
});

/** A filesystem on a server whose answers never come until they are let go; the driver ends with an error of its own. */
function silentServer(concurrency: number) {
  let answer = (): void => {};
  const execute = (signal: AbortSignal): Promise<LibsqlResult> =>
    new Promise((resolve, reject) => {
      answer = () => resolve({ rows: [], rowsAffected: 1 });
      signal.addEventListener('abort', () => reject(new DOMException('This operation was aborted', 'AbortError')));
    });
  const connection = new RemoteConnection({
    clientFor: (signal) => ({ protocol: 'http', execute: () => execute(signal) }) as unknown as LibsqlClient,
    close: () => {},
    concurrency,
    busyTimeoutMs: DEADLINE_MS,
  });
  const tables = nameTables({ schema: 'main' }, sqliteProfile);
  const store = new LibsqlSqlFilesystem({
    capabilities: libsqlCapabilities(SERVER_PROMISES, 1000),
    profile: sqliteProfile,
    tables,
    driver: new LibsqlDriver(connection, tables),
    batches: SERVER_BATCHES,
  });
  return { store, answer: () => answer() };
}

test('a call that has its turn when the clock is past its deadline, and the timer not, is out of time', async () => {
  vi.useFakeTimers();
  const { store, answer } = silentServer(1);
  const first = store.get('/a');
  const second = refusal(store.get('/a', options));
  await vi.advanceTimersByTimeAsync(DEADLINE_MS - 10);
  skewed.ahead = 20;
  answer();
  await first;
  // Before the timer of the deadline, what cancels the request fires.
  await vi.advanceTimersByTimeAsync(5);
  await vi.advanceTimersByTimeAsync(DEADLINE_MS);
  expect(await second).toBe('TIMEOUT');
});

test.each([-0.9, 0, 0.9, 40])(
  'a silent server costs the deadline, with the clock %d ms ahead of the timers',
  async (ms) => {
    vi.useFakeTimers();
    const { store } = silentServer(2);
    const ended = Promise.all([
      refusal(store.get('/a', options)),
      refusal(store.put('/a', entry, 'any', options)),
      refusal(store.delete('/a', 'any', options)),
    ]);
    await vi.advanceTimersByTimeAsync(DEADLINE_MS / 2);
    skewed.ahead = ms;
    await vi.advanceTimersByTimeAsync(10 * DEADLINE_MS);
    // The third waited for the second, which is at the same path.
    expect(await ended).toEqual(['TIMEOUT', 'TIMEOUT unknown', 'TIMEOUT not-applied']);
  },
);

test.each([-0.9, 0, 0.9, 40])(
  'a lock that is held for as long as the deadline costs that, with the clock %d ms ahead of the timers',
  async (ms) => {
    await using scratch = await makeScratch();
    await using store = await openLibsql({ config: scratch.config, busyTimeoutMs: DEADLINE_MS });
    const holder = await scratch.raw().transaction('write');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const ended = Promise.all(['/a', '/b', '/c'].map((path) => refusal(store.put(path, entry, 'any', options))));
    let over = false;
    void ended.then(() => (over = true));
    while (!over) {
      skewed.ahead = performance.now() > DEADLINE_MS / 2 ? ms : 0;
      await vi.advanceTimersByTimeAsync(1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    vi.useRealTimers();
    expect(await ended).toEqual(Array(3).fill('TIMEOUT not-applied'));
    await holder.rollback();
  },
);
