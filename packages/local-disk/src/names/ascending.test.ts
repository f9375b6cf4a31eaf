import { compareCodePoints } from '@holdfast/core/adapter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ascending } from './ascending.ts';

function all<T>(ascending: Ascending<T>): T[] {
  const taken: T[] = [];
  for (let item = ascending.take(); item !== undefined; item = ascending.take()) taken.push(item);
  return taken;
}

test('it gives what it was given, in order, whatever that is and however often it has the same key', () => {
  const keys = fc.array(fc.string({ unit: 'grapheme', maxLength: 2 }), { maxLength: 60 });
  const property = fc.property(keys, (items) => {
    const ascending = new Ascending(items, (item) => item);
    expect(ascending.size).toBe(items.length);
    expect(all(ascending)).toEqual(items.toSorted(compareCodePoints));
    expect(ascending.size).toBe(0);
  });
  fc.assert(property);
});
