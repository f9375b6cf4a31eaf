import { compareCodePoints } from '@holdfast/core/adapter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Least } from './least.ts';

test('it keeps the least ones of any keys that come in any order', () => {
  const keys = fc.array(fc.string({ unit: 'grapheme', maxLength: 3 }), { maxLength: 60 });
  const property = fc.property(keys, fc.integer({ min: 1, max: 20 }), (all, most) => {
    const least = new Least<string>(most);
    for (const key of all) if (least.wouldKeep(key)) least.keep(key, key);
    expect(least.items().toSorted(compareCodePoints)).toEqual(all.toSorted(compareCodePoints).slice(0, most));
    expect(least.isFull).toBe(all.length >= most);
  });
  fc.assert(property);
});
