import { expect, test } from 'vitest';
import { bytes } from '../../../test/support/bytes.ts';
import type { Snapshot } from '../../entries/entry.ts';
import { entriesWithin, scannedPage } from './scanned-page.ts';

const others = { version: undefined, contentType: 'a/b', kind: undefined, indexed: undefined } as const;
const entry = (path: string, body = ''): Snapshot => ({ path, body: bytes(body), ...others }) as Snapshot;
const asked = { range: { from: '/b', below: '/d' }, limit: 2, maxBytes: 10 };

test('a short page is the last, unless it is long enough', () => {
  expect(scannedPage([], asked).ended).toBe(true);
  expect(scannedPage([entry('/b', 'nine byte')], asked).ended).toBe(true);
  expect(scannedPage([entry('/b', 'ten bytes!')], asked).ended).toBe(false);
  expect(scannedPage([entry('/b'), entry('/c')], asked).ended).toBe(false);
});

test('one after which nothing could go on is refused', () => {
  for (const entries of [[entry('/a')], [entry('/b'), entry('/ba'), entry('/c')]]) {
    expect(() => scannedPage(entries, asked)).toThrow(expect.objectContaining({ code: 'CORRUPT' }) as Error);
  }
});

test('what is like an array and none is refused', () => {
  for (const answer of [new Uint8Array(), { length: 0, every: () => true }]) {
    const page = () => scannedPage(answer as unknown as readonly Snapshot[], asked);
    expect(page).toThrow(TypeError);
  }
});

test('an adapter that is not known to heed bytes is asked for what has room in any case, and for one at least', () => {
  expect(entriesWithin(32, 16, 100)).toBe(2);
  expect(entriesWithin(32, 64, 100)).toBe(1);
  expect(entriesWithin(32, Infinity, 100)).toBe(1);
  expect(entriesWithin(32_000, 16, 100)).toBe(100);
  // What claims no limit takes no bodies.
  expect(entriesWithin(32, undefined as unknown as number, 100)).toBe(100);
});
