import { followGlobals } from '@holdfast/test-support';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RetryLine } from './retry-line.ts';

const never = new AbortController().signal;

beforeEach(followGlobals);
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Joins the line and says in `order` when it is let in. */
async function join(line: RetryLine, name: string, order: string[], signal = never, waitMs = 1000): Promise<void> {
  order.push((await line.enter('/a', waitMs, signal)) ? name : `${name} gave up`);
}

test('only as many reads are expected as writes have lost, and only for a while', () => {
  const line = new RetryLine();
  expect(line.expects('/a')).toBe(false);
  line.lost('/a');
  line.lost('/a');
  expect(line.expects('/b')).toBe(false);
  expect([line.expects('/a'), line.expects('/a'), line.expects('/a')]).toEqual([true, true, false]);
  line.lost('/a');
  vi.advanceTimersByTime(101);
  expect(line.expects('/a')).toBe(false);
});

test('those in line are let in one after the other, each when the write before is done', async () => {
  const line = new RetryLine();
  const order: string[] = [];
  line.lost('/a');
  for (const name of ['first', 'second', 'third']) void join(line, name, order);
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['first']);
  line.hasRead('/a', 'v1');
  line.hasWritten('/a', true, 'v1');
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['first', 'second']);
  line.hasRead('/a', 'v2');
  line.hasWritten('/a', false, 'v2');
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['first', 'second', 'third']);
});

test('a read that hangs in its turn keeps the others waiting for a quarter of a second', async () => {
  const line = new RetryLine();
  const order: string[] = [];
  line.lost('/a');
  for (const name of ['hangs', 'second']) void join(line, name, order);
  await vi.advanceTimersByTimeAsync(249);
  expect(order).toEqual(['hangs']);
  await vi.advanceTimersByTimeAsync(1);
  expect(order).toEqual(['hangs', 'second']);
});

test('a write that lost to what came before the turn does not end it', async () => {
  const line = new RetryLine();
  const order: string[] = [];
  line.lost('/a');
  for (const name of ['first', 'second']) void join(line, name, order);
  line.hasRead('/a', 'v2');
  line.hasWritten('/a', false, 'v1');
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['first']);
});

test('a creation that lost does not end the turn of one who has not read yet', async () => {
  const line = new RetryLine();
  const order: string[] = [];
  line.lost('/a');
  for (const name of ['first', 'second']) void join(line, name, order);
  line.hasWritten('/a', false, undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['first']);
  line.hasRead('/a', undefined);
  line.hasWritten('/a', false, undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['first', 'second']);
});

test('a turn that nobody uses ends by itself, so nobody waits for one who hangs', async () => {
  const line = new RetryLine();
  const order: string[] = [];
  line.lost('/a');
  for (const name of ['hangs', 'second']) void join(line, name, order);
  line.hasRead('/a', 'v1');
  await vi.advanceTimersByTimeAsync(10);
  expect(order).toEqual(['hangs', 'second']);
});

test('whoever waits too long, or is aborted, leaves the line', async () => {
  const line = new RetryLine();
  const order: string[] = [];
  const abort = new AbortController();
  line.lost('/a');
  void join(line, 'first', order);
  void join(line, 'second', order, abort.signal);
  void join(line, 'third', order, never, 200);
  abort.abort();
  await vi.advanceTimersByTimeAsync(200);
  expect(order).toEqual(['first', 'second gave up', 'third gave up']);
  void join(line, 'fourth', order);
  line.next('/a');
  await vi.advanceTimersByTimeAsync(0);
  expect(order.at(-1)).toBe('fourth');
});

test('a path where nobody lost has no line', async () => {
  const line = new RetryLine();
  expect(await line.enter('/a', 1000, never)).toBe(false);
  line.hasRead('/a', 'v1');
  line.hasWritten('/a', true, 'v1');
  line.next('/a');
});

/** Joins the line, reads the same as everybody, and writes nothing. */
async function onlyRead(line: RetryLine, order: string[]): Promise<void> {
  await join(line, 'in', order);
  line.hasRead('/a', 'v1');
}

test('turns without a write get shorter until the line is open, however many wait', async () => {
  const line = new RetryLine();
  const order: string[] = [];
  line.lost('/a');
  for (let reader = 0; reader < 1000; reader += 1) void onlyRead(line, order);
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(20);
  expect(order).toEqual(Array.from({ length: 1000 }, () => 'in'));
  // And stays open for whoever comes.
  for (let reader = 0; reader < 10; reader += 1) void onlyRead(line, order);
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toHaveLength(1010);
});

test('a write that succeeds makes an open line one with turns again', async () => {
  const line = new RetryLine();
  const order: string[] = [];
  line.lost('/a');
  void onlyRead(line, order);
  for (let turn = 0; turn < 3; turn += 1) {
    await vi.advanceTimersByTimeAsync(10);
    void onlyRead(line, order);
  }
  await vi.advanceTimersByTimeAsync(10);
  line.hasRead('/a', 'v2');
  line.writes('/a', 'v2');
  line.hasWritten('/a', true, 'v2');
  order.length = 0;
  for (const name of ['first', 'second']) void join(line, name, order);
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['first']);
});

test('a turn lasts while its write waits for the lock', async () => {
  const line = new RetryLine();
  const order: string[] = [];
  line.lost('/a');
  for (const name of ['first', 'second']) void join(line, name, order);
  line.hasRead('/a', 'v1');
  line.writes('/a', 'v1');
  await vi.advanceTimersByTimeAsync(50);
  expect(order).toEqual(['first']);
  line.hasWritten('/a', false, 'v1');
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['first', 'second']);
});

test('lines are forgotten when nobody comes back', async () => {
  const line = new RetryLine();
  for (let place = 0; place < 1000; place += 1) line.lost(`/${place}`);
  expect(line.size).toBe(1000);
  await vi.advanceTimersByTimeAsync(201);
  expect(line.size).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('writes that take longer than a turn still give those in line their turns', async () => {
  const line = new RetryLine();
  const order: string[] = [];
  line.lost('/a');
  void onlyRead(line, order);
  await vi.advanceTimersByTimeAsync(30);
  line.writes('/a', 'v1');
  line.hasWritten('/a', true, 'v1');
  for (const name of ['first', 'second', 'third']) void join(line, name, order);
  line.hasRead('/a', 'v2');
  await vi.advanceTimersByTimeAsync(9);
  expect(order).toEqual(['in', 'first']);
  await vi.advanceTimersByTimeAsync(1);
  expect(order).toEqual(['in', 'first', 'second']);
});
