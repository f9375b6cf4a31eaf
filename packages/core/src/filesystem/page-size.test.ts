import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Snapshot } from '../entries/entry.ts';
import { PAGE_BYTES, PageSize } from './page-size.ts';

const MIB = 1024 * 1024;
const page = (lengths: readonly number[]): Snapshot[] =>
  lengths.map((length) => ({ body: { byteLength: length } }) as unknown as Snapshot);

test('the first page fits even if every body is as long as it may be', () => {
  expect(new PageSize(100, 16 * MIB).entries).toBe(2);
  expect(new PageSize(100, 64 * MIB).entries).toBe(1);
  expect(new PageSize(100, 1024).entries).toBe(100);
});

test('pages of small bodies grow to what the caller asked for, by four at a time', () => {
  const size = new PageSize(100, 16 * MIB);
  const sizes = Array.from({ length: 4 }, () => {
    size.seen(page(Array.from({ length: size.entries }, () => 100)));
    return size.entries;
  });
  expect(sizes).toEqual([8, 32, 100, 100]);
});

test('pages shrink when bodies turn out large', () => {
  const size = new PageSize(100, MIB);
  size.seen(page(Array.from({ length: 32 }, () => 8 * MIB)));
  expect(size.entries).toBe(4);
});

test('it always asks for at least one entry and never for more than the caller does', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 2 ** 31 }),
      fc.array(fc.array(fc.nat(PAGE_BYTES), { minLength: 1 })),
      (most, maxBodyBytes, pages) => {
        const size = new PageSize(most, maxBodyBytes);
        for (const lengths of pages) {
          size.seen(page(lengths));
          expect(size.entries).toBeGreaterThanOrEqual(1);
          expect(size.entries).toBeLessThanOrEqual(most);
        }
      },
    ),
  );
});
