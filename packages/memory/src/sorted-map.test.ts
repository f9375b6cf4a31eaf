import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SortedMap } from './sorted-map.ts';

// Compared as bytes, so that the model does not share the order it is to check.
const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** A sorted list of pairs, searched from the front. */
class Model {
  pairs: [string, number][] = [];

  get(key: string): number | undefined {
    return this.pairs.find(([it]) => it === key)?.[1];
  }

  set(key: string, value: number): void {
    this.delete(key);
    this.pairs.push([key, value]);
    this.pairs.sort(([a], [b]) => compare(a, b));
  }

  delete(key: string): boolean {
    const before = this.pairs.length;
    this.pairs = this.pairs.filter(([it]) => it !== key);
    return this.pairs.length < before;
  }

  range(from: string, below: string): number[] {
    return this.pairs.filter(([key]) => compare(key, from) >= 0 && compare(key, below) < 0).map(([, value]) => value);
  }
}

const units = ['/', '-', '0', 'a', 'b', '\ud7ff', '\ue000', '\uff5e', '😀', '😁', '\u{10ffff}'];
const key = fc.string({ unit: fc.constantFrom(...units), maxLength: 3 });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constant('set' as const), key, fc.nat()) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('delete' as const), key, fc.nat()) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('get' as const), key, fc.nat()) },
);

test('it does what a sorted list does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), key, key, (steps, from, below) => {
      const map = new SortedMap<number>();
      const model = new Model();
      for (const [what, at, value] of steps) {
        if (what === 'set') expect(map.set(at, value)).toBe(model.set(at, value));
        else if (what === 'delete') expect(map.delete(at)).toBe(model.delete(at));
        else expect(map.get(at)).toBe(model.get(at));
      }
      expect([...map.range('', '\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}')]).toEqual(
        model.pairs.map(([, value]) => value),
      );
      expect([...map.range(from, below)]).toEqual(model.range(from, below));
    }),
    { numRuns: 300 },
  );
});

/** Numbers from 0 to `count`, in an order that is the same in every run. */
function shuffled(count: number): number[] {
  const order = Array.from({ length: count }, (_, at) => at);
  let state = 1;
  for (let at = count - 1; at > 0; at -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = state % (at + 1);
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
  return order;
}

const name = (at: number): string => `/${at % 2 === 0 ? '😀' : '\uff5e'}/${at.toString(36).padStart(4, '0')}`;

test.each([
  ['upwards', (count: number) => Array.from({ length: count }, (_, at) => at)],
  ['downwards', (count: number) => Array.from({ length: count }, (_, at) => count - at - 1)],
  ['in no order', shuffled],
])(
  'filled %s with more than fits into one leaf, or into ten, it is in order, and it can be emptied again',
  (_, order) => {
    const count = 3000;
    const map = new SortedMap<string>();
    for (const at of order(count)) map.set(name(at), name(at));
    const all = Array.from({ length: count }, (__, at) => name(at)).toSorted(compare);
    expect([...map.range('', '\u{10ffff}')]).toEqual(all);
    for (const edge of [0, 1, 127, 128, 129, 255, 256, 257, 1500, 2998, 2999]) {
      const at = all[edge] as string;
      expect(map.get(at)).toBe(at);
      expect([...map.range(at, '\u{10ffff}')]).toEqual(all.slice(edge));
      expect([...map.range('', at)]).toEqual(all.slice(0, edge));
      expect([...map.range(`${at}!`, '\u{10ffff}')][0]).toBe(all[edge + 1]);
    }
    for (const at of shuffled(count)) {
      expect(map.delete(name(at))).toBe(true);
      expect(map.delete(name(at))).toBe(false);
    }
    expect([...map.range('', '\u{10ffff}')]).toEqual([]);
    map.set('x', 'again');
    expect(map.get('x')).toBe('again');
  },
);

test('a range in which nothing can be is empty', () => {
  const map = new SortedMap<number>();
  expect([...map.range('', 'z')]).toEqual([]);
  for (let at = 0; at < 1000; at += 1) map.set(name(at), at);
  expect([...map.range('z', 'a')]).toEqual([]);
  expect([...map.range(name(7), name(7))]).toEqual([]);
});

test('a range is found from its beginning, however many keys are before it', () => {
  const map = new SortedMap<number>();
  for (let at = 0; at < 1000; at += 1) map.set(`/a/${at.toString().padStart(4, '0')}`, at);
  for (let at = 0; at < 1000; at += 100) {
    for (let remove = at; remove < at + 100; remove += 1) map.delete(`/a/${remove.toString().padStart(4, '0')}`);
    expect(map.range('/a/', '/a0').next().value).toBe(at + 100 < 1000 ? at + 100 : undefined);
  }
});
