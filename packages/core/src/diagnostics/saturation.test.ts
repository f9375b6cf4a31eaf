import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SATURATION_CHANNEL, SaturationWatch, type SaturationMessage } from './saturation.ts';

/** What is published while it is in use. */
function listen() {
  const messages: SaturationMessage[] = [];
  const note = (message: unknown): void => void messages.push(message as SaturationMessage);
  subscribe(SATURATION_CHANNEL, note);
  return { messages, [Symbol.dispose]: () => void unsubscribe(SATURATION_CHANNEL, note) };
}

/** What is published when a watch on a limit is told of these uses, one after the other. */
function publishedFor(limit: number, uses: readonly number[]): number[] {
  using heard = listen();
  const watch = new SaturationWatch('a bound', limit);
  for (const used of uses) watch.update(used);
  return heard.messages.map(({ used }) => used);
}

test('80 % in use is published, with its name, how much it was and the limit', () => {
  using heard = listen();
  const watch = new SaturationWatch('a pool', 10);
  watch.update(7);
  expect(heard.messages).toEqual([]);
  watch.update(8);
  expect(heard.messages).toEqual([{ bound: 'a pool', used: 8, limit: 10 }]);
});

test('it is published once, however often it is reached, until less than half was in use', () => {
  expect(publishedFor(10, [8, 9, 10, 8, 7, 8, 6, 5, 8, 10])).toEqual([8]);
  expect(publishedFor(10, [8, 4, 8, 10, 4, 7, 9])).toEqual([8, 8, 9]);
});

test('a jump beyond 80 % is published with where it went', () => {
  expect(publishedFor(1000, [1000])).toEqual([1000]);
});

test.each([
  [1, [1, 0, 1], [1, 1]],
  [2, [1, 2, 1, 2, 0, 2], [2, 2]],
  [5, [3, 4, 3, 4, 2, 4], [4, 4]],
])('small bounds: of %i, after %j in use', (limit, uses, published) => {
  expect(publishedFor(limit, uses)).toEqual(published);
});

test('a bound of nothing is never nearly full', () => {
  expect(publishedFor(0, [0, 0, 0])).toEqual([]);
});

test('each watch counts for itself', () => {
  using heard = listen();
  const [one, other] = [new SaturationWatch('one', 10), new SaturationWatch('other', 10)];
  one.update(8);
  other.update(8);
  one.update(0);
  other.update(9);
  one.update(9);
  expect(heard.messages.map(({ bound }) => bound)).toEqual(['one', 'other', 'one']);
});

test('without a subscriber nothing happens, and who comes later is told the next time', () => {
  const watch = new SaturationWatch('a pool', 10);
  watch.update(9);
  using heard = listen();
  watch.update(10);
  expect(heard.messages).toEqual([]);
  watch.update(4);
  watch.update(8);
  expect(heard.messages).toEqual([{ bound: 'a pool', used: 8, limit: 10 }]);
});

test('between two messages less than half was in use, and no time of trouble goes unheard', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }).chain((limit) => fc.tuple(fc.constant(limit), fc.array(fc.nat({ max: limit })))),
      ([limit, uses]) => {
        const expected: number[] = [];
        let calm = true;
        for (const used of uses) {
          if (used / limit < 0.5) calm = true;
          if (calm && used / limit >= 0.8) {
            expected.push(used);
            calm = false;
          }
        }
        expect(publishedFor(limit, uses)).toEqual(expected);
      },
    ),
  );
});
