import { followGlobals } from '@holdfast/test-support';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Connecting, type Connection } from './connecting.ts';

beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Connections by name, and which of them were given up. */
function makeConnecting() {
  const connecting = new Connecting();
  const givenUp: string[] = [];
  const held = new Set<string>();
  const begin = (name: string): Connection => {
    const client: Connection = {
      ref: () => void held.add(name),
      unref: () => void held.delete(name),
      connection: { stream: { destroy: () => void givenUp.push(name) } },
    };
    held.add(name);
    connecting.begin(client);
    return client;
  };
  return { connecting, begin, givenUp, held };
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

test('a connection that is made gives up those that began before and take many times as long', async () => {
  const { connecting, begin, givenUp } = makeConnecting();
  const hears = begin('hears nothing');
  await pass(400);
  begin('is not overdue');
  await pass(200);
  const made = begin('is made');
  await pass(10);
  begin('began later');
  connecting.made(made);
  expect(givenUp).toEqual(['hears nothing']);
  expect([connecting.madeRoom(hears), connecting.madeRoom(made), connecting.madeRoom(undefined)]).toEqual([
    true,
    false,
    false,
  ]);
});

test('where a server is slow with everybody, nobody is given up by the first that is made', async () => {
  const { connecting, begin, givenUp } = makeConnecting();
  begin('a');
  await pass(100);
  const made = begin('b');
  await pass(3000);
  connecting.made(made);
  expect(givenUp).toEqual([]);
});

test('while there is no place for those who wait, the youngest makes room twice a second, and the others go on', async () => {
  const { connecting, begin, givenUp } = makeConnecting();
  for (const name of ['a', 'b', 'c']) begin(name);
  await pass(499);
  connecting.makeRoomWhile(() => true);
  await pass(0);
  expect(givenUp).toEqual([]);
  await pass(1);
  expect(givenUp).toEqual(['c']);
  begin('d');
  await pass(500);
  expect(givenUp).toEqual(['c', 'd']);
});

test('where there is a place for everybody, nobody makes room', async () => {
  const { connecting, begin, givenUp } = makeConnecting();
  for (const name of ['a', 'b']) begin(name);
  connecting.makeRoomWhile(() => false);
  await pass(10_000);
  expect(givenUp).toEqual([]);
});

test('the only one gets twice as long each time, and half a second again when one was made', async () => {
  const { connecting, begin, givenUp } = makeConnecting();
  connecting.makeRoomWhile(() => true);
  const times: number[] = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    begin(String(attempt));
    const began = Date.now();
    while (givenUp.length === attempt) await pass(100);
    times.push(Date.now() - began);
  }
  expect(times).toEqual([500, 1000, 2000, 4000]);
  connecting.made(begin('made'));
  begin('last');
  await pass(500);
  expect(givenUp.at(-1)).toBe('last');
});

test('a connection that nobody waits for keeps no process alive, until it is made', async () => {
  const { connecting, begin, held } = makeConnecting();
  const a = begin('a');
  expect(held).toEqual(new Set());
  connecting.setWaitedFor(true);
  begin('b');
  expect(held).toEqual(new Set(['a', 'b']));
  connecting.setWaitedFor(false);
  expect(held).toEqual(new Set());
  connecting.made(a);
  expect(held).toEqual(new Set(['a']));
});

test('what has ended makes no room, and leaves no timer behind', async () => {
  const { connecting, begin, givenUp } = makeConnecting();
  connecting.makeRoomWhile(() => true);
  connecting.ended(begin('a'));
  await pass(10_000);
  expect(givenUp).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
