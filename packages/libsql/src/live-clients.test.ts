import { followGlobals } from '@holdfast/test-support';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LibsqlClient, LibsqlResult } from './client.ts';
import { LiveClients } from './live-clients.ts';

beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Clients that are numbered as they are made, whose calls are answered when a test says so. */
function makeClients() {
  const calls: PromiseWithResolvers<LibsqlResult>[] = [];
  const asked: number[] = [];
  const closed: number[] = [];
  let made = 0;
  const make = (): LibsqlClient => {
    const number = (made += 1);
    const execute = (): Promise<LibsqlResult> => {
      const answer = Promise.withResolvers<LibsqlResult>();
      answer.promise.catch(() => {});
      calls.push(answer);
      asked.push(number);
      return answer.promise;
    };
    return { execute, batch: execute, close: () => void closed.push(number) } as unknown as LibsqlClient;
  };
  const live = new LiveClients(make(), make);
  const call = (signal = new AbortController().signal): Promise<unknown> =>
    live.clientFor(signal).execute({ sql: '', args: [] }).catch(String);
  const answer = (nth: number): Promise<void> => {
    calls[nth]?.resolve({ rows: [], rowsAffected: 0 });
    return vi.advanceTimersByTimeAsync(0).then(() => {});
  };
  return { live, call, answer, calls, asked, closed };
}

test('calls go over one client as long as something comes from it, and however long nothing is asked', async () => {
  const { call, answer, asked } = makeClients();
  for (let nth = 0; nth < 5; nth += 1) {
    void call();
    await vi.advanceTimersByTimeAsync(400);
    await answer(nth);
    await vi.advanceTimersByTimeAsync(10_000);
  }
  // One that takes long hurts nobody while others are answered.
  void call();
  for (let nth = 6; nth < 10; nth += 1) {
    await vi.advanceTimersByTimeAsync(400);
    void call();
    await answer(nth);
  }
  expect(new Set(asked)).toEqual(new Set([1]));
});

test('after half a second of silence later calls get another, and the old one is closed once nobody waits for it', async () => {
  const { call, answer, asked, closed } = makeClients();
  const patience = new AbortController();
  void call(patience.signal);
  void call();
  await vi.advanceTimersByTimeAsync(499);
  void call();
  await vi.advanceTimersByTimeAsync(1);
  void call();
  expect(asked).toEqual([1, 1, 1, 2]);
  await answer(1);
  await answer(2);
  expect(closed).toEqual([]);
  patience.abort();
  expect(closed).toEqual([1]);
  await answer(3);
  void call();
  expect(asked.at(-1)).toBe(2);
});

test('what was given up counts as not answered, until the answer comes', async () => {
  const { call, answer, asked, closed } = makeClients();
  void call(AbortSignal.abort());
  await vi.advanceTimersByTimeAsync(100);
  await answer(0);
  await vi.advanceTimersByTimeAsync(1000);
  void call(AbortSignal.abort());
  await vi.advanceTimersByTimeAsync(500);
  void call();
  expect([asked, closed]).toEqual([[1, 1, 2], [1]]);
});

test('a call that fails is an answer too: the client knows, and connects anew', async () => {
  const { call, calls, asked } = makeClients();
  const failing = call();
  await vi.advanceTimersByTimeAsync(1000);
  calls[0]?.reject(new Error('closed'));
  expect(await failing).toBe('Error: closed');
  void call();
  expect(asked).toEqual([1, 1]);
});

test('closing closes all of them', async () => {
  const { live, call, closed } = makeClients();
  void call();
  await vi.advanceTimersByTimeAsync(500);
  void call();
  live.close();
  expect(new Set(closed)).toEqual(new Set([1, 2]));
});
