import { EventEmitter } from 'node:events';
import { nameTables, postgresProfile, SqlFilesystem } from '@holdfast/sql';
import { skewedClock, type SkewedClock } from '@holdfast/test-support';
import type pg from 'pg';
import { beforeEach, expect, test, vi } from 'vitest';
import { postgresCapabilities } from '../src/capabilities.ts';
import { Checkouts } from '../src/checkouts.ts';
import { PostgresDriver } from '../src/driver.ts';
import { refusal } from './support/rejection.ts';

const DEADLINE_MS = 100;
const options = { timeoutMs: DEADLINE_MS };
const entry = { body: new Uint8Array([1]) };

let skewed: SkewedClock;
beforeEach(() => {
  skewed = skewedClock();
  vi.useFakeTimers();
  return () => {
    vi.useRealTimers();
    skewed.undo();
  };
});

type Answer = (error: Error | undefined, client?: unknown) => void;

/** A filesystem on a pool that answers as it is told, whose own limit is as long as the deadline of the calls. */
function storeOn(connect: (answer: Answer) => void): SqlFilesystem {
  const pool = Object.assign(new EventEmitter(), { options: { max: 2 }, ending: false, connect });
  const checkouts = new Checkouts({ pool: pool as unknown as pg.Pool, timeoutMs: DEADLINE_MS });
  const tables = nameTables({ schema: 'public' }, postgresProfile);
  return new SqlFilesystem({
    capabilities: postgresCapabilities('power-loss', 1000),
    profile: postgresProfile,
    tables,
    driver: new PostgresDriver({ checkouts, ownPool: undefined, preparedStatements: false, tables }),
  });
}

/** A connection whose statements are never answered, and fail as they do when it is closed under them. */
function silentClient(): unknown {
  const client = new EventEmitter();
  const closed = Promise.withResolvers<never>();
  closed.promise.catch(() => {});
  return Object.assign(client, {
    getTransactionStatus: () => 'I',
    query: () => closed.promise,
    release: () => closed.reject(new Error('Connection terminated')),
  });
}

const POOLS: Readonly<Record<string, (answer: Answer) => void>> = {
  'has no connection': () => {},
  'gives up waiting itself': (answer) =>
    void setTimeout(() => answer(new Error('timeout exceeded when trying to connect')), DEADLINE_MS),
  'gives up connecting itself': (answer) =>
    void setTimeout(() => answer(new Error('Connection terminated due to connection timeout')), DEADLINE_MS),
  'has one that is silent': (answer) => answer(undefined, silentClient()),
};

const cases = Object.entries(POOLS).flatMap(([what, connect]) =>
  [-0.9, 0, 0.9, 40].map((ms) => ({ what, connect, ms })),
);

test.each(cases)('a pool that $what costs the deadline, with the clock $ms ms ahead of the timers', async (given) => {
  const store = storeOn(given.connect);
  const ended = Promise.all([
    refusal(store.get('/a', options)),
    refusal(store.put('/a', entry, 'any', options)),
    refusal(store.list('/', options)),
  ]);
  await vi.advanceTimersByTimeAsync(DEADLINE_MS / 2);
  skewed.ahead = given.ms;
  await vi.advanceTimersByTimeAsync(10 * DEADLINE_MS);
  const sent = given.what === 'has one that is silent';
  expect(await ended).toEqual(['TIMEOUT', `TIMEOUT ${sent ? 'unknown' : 'not-applied'}`, 'TIMEOUT']);
});

test('a pool that says so when the clock is past the deadline, and the timer not, costs the deadline', async () => {
  let say = (): void => {};
  const store = storeOn((answer) => (say = () => answer(new Error('timeout exceeded when trying to connect'))));
  const ended = refusal(store.get('/a', options));
  await vi.advanceTimersByTimeAsync(DEADLINE_MS / 2);
  skewed.ahead = DEADLINE_MS;
  say();
  await vi.advanceTimersByTimeAsync(0);
  expect(await ended).toBe('TIMEOUT');
});
