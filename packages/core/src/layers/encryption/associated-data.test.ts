import { expect, test } from 'vitest';
import type { IndexedProjection } from '../../entries/entry.ts';
import { parsePath } from '../../paths/virtual-path.ts';
import { associatedData } from './associated-data.ts';

const PATH = parsePath('/a');

function bound(indexed: IndexedProjection | undefined, kind?: string, contentType = 'text/plain'): string {
  return Buffer.from(associatedData(new Uint8Array(3), PATH, { contentType, kind, indexed })).toString('hex');
}

test('no two values of an index give the same', () => {
  const scalars = [null, true, false, 0, 1, -1, 0.1, 0.1 + 0.2, 2 ** 53, 5e-324, '', '0', 'true', 'null', '\u0001'];
  const texts = scalars.map((scalar) => bound({ a: scalar }));
  expect(new Set([...texts, bound({ b: null }), bound({}), bound(undefined)]).size).toBe(scalars.length + 3);
});

test('equal projections give the same, in whatever order, with -0 as the 0 that is stored', () => {
  expect(bound({ b: 0, a: 1, B: 2 })).toBe(bound({ B: 2, a: 1, b: -0 }));
});

test('no field runs over into the next', () => {
  const texts = [
    bound(undefined, 'a', 'b'),
    bound(undefined, 'b', 'a'),
    bound(undefined, undefined, 'ab'),
    bound(undefined, 'ab', ''),
    bound({ a: 'bc' }),
    bound({ ab: 'c' }),
    bound({ a: 'b', c: '' }),
    bound({ a: '', b: 'c' }),
  ];
  expect(new Set(texts).size).toBe(texts.length);
});
