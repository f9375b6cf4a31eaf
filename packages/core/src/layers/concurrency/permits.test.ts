import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import { countingController } from '../../../test/support/counting-signal.ts';
import { rejection, typedThrow } from '../../../test/support/rejection.ts';
import { failOnUnhandledRejections, settled } from '../../../test/support/unhandled.ts';
import { SATURATION_CHANNEL } from '../../diagnostics/saturation.ts';
import { Permits, type Permit } from './permits.ts';

failOnUnhandledRejections();

const CALL = { name: 'get', path: '/a', changes: false } as const;

/** As many as there may be, all taken. */
function allTaken(limit: number, queue: number): { readonly permits: Permits; readonly held: Permit[] } {
  const permits = new Permits('test', { limit, queue });
  const held = Array.from({ length: limit }, () => permits.tryTake(CALL) as Permit);
  return { permits, held };
}

test('who is urgent goes before those who wait, in order, and takes no room from them', async () => {
  const { permits, held } = allTaken(1, 2);
  const order: string[] = [];
  const wait = async (name: string, urgent: boolean): Promise<void> => {
    const permit = await permits.wait(undefined, { urgent });
    order.push(name);
    permit.release();
  };
  const all = [wait('one', false), wait('urgent one', true), wait('urgent two', true)];
  expect(permits.tryTake(CALL)).toBeUndefined();
  all.push(wait('two', false));
  expect(typedThrow(() => permits.tryTake(CALL))).toMatchObject({ code: 'OVERLOADED', operation: 'get', path: '/a' });
  expect(permits.waiting).toBe(4);
  held[0]?.release();
  await Promise.all(all);
  expect(order).toEqual(['urgent one', 'urgent two', 'one', 'two']);
  expect([permits.running, permits.waiting]).toEqual([0, 0]);
});

test('a permit that is given back twice is given back once', () => {
  const { permits, held } = allTaken(2, 0);
  held[0]?.release();
  held[0]?.release();
  expect(permits.running).toBe(1);
});

test('who has given up already does not wait, and who gives up is not served', async () => {
  const { permits, held } = allTaken(1, 5);
  const aborted = AbortSignal.abort('gone');
  expect(await rejection(permits.wait(aborted))).toBe('gone');
  const first = new AbortController();
  const second = new AbortController();
  const waiting = [permits.wait(first.signal), permits.wait(second.signal, { urgent: true }), permits.wait(undefined)];
  first.abort('one');
  second.abort('two');
  expect(permits.waiting).toBe(1);
  held[0]?.release();
  expect(await rejection(waiting[0] as Promise<Permit>)).toBe('one');
  expect(await rejection(waiting[1] as Promise<Permit>)).toBe('two');
  (await waiting[2])?.release();
  expect([permits.running, permits.waiting]).toEqual([0, 0]);
});

test('an abort that comes when a permit has been given changes nothing, and nobody listens for it', async () => {
  const { permits, held } = allTaken(1, 5);
  const controller = countingController();
  const waiting = permits.wait(controller.signal);
  expect(controller.listeners()).toBe(1);
  held[0]?.release();
  expect(controller.listeners()).toBe(0);
  controller.abort();
  expect(permits.running).toBe(1);
  (await waiting).release();
  expect(permits.running).toBe(0);
});

test('who comes while permits are given on overtakes nobody, and makes no more of them', async () => {
  const { permits, held } = allTaken(1, 5);
  const order: string[] = [];
  const first = permits.wait(undefined).then((permit) => (order.push('first'), permit));
  held[0]?.release();
  expect(permits.tryTake(CALL)).toBeUndefined();
  const second = permits.wait(undefined).then((permit) => (order.push('second'), permit));
  await settled();
  expect([order, permits.running]).toEqual([['first'], 1]);
  (await first).release();
  (await second).release();
  expect(order).toEqual(['first', 'second']);
});

test('who hears that a bound is nearly full, and takes a permit there and then, gets none too many', () => {
  const permits = new Permits('test', { limit: 2, queue: 5 });
  const taken: (Permit | undefined)[] = [];
  const listen = (): void => void taken.push(permits.tryTake(CALL));
  subscribe(SATURATION_CHANNEL, listen);
  try {
    taken.push(permits.tryTake(CALL), permits.tryTake(CALL));
  } finally {
    unsubscribe(SATURATION_CHANNEL, listen);
  }
  expect(permits.running).toBe(2);
  expect(taken.filter((permit) => permit !== undefined)).toHaveLength(2);
});
