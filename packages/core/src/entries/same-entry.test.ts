import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry } from './entry.ts';
import { sameBytes, sameEntry } from './same-entry.ts';

const entry: Entry = { body: Uint8Array.of(1, 2), contentType: 'a/b', kind: 'k', indexed: { a: 1, b: null } };

test('arrays are the same when their bytes are', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      expect(sameBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
      expect(sameBytes(a, Buffer.from(a))).toBe(true);
    }),
  );
});

test('an entry is the same as its copy, and however its indexed keys are ordered', () => {
  expect(sameEntry(entry, { ...entry, body: Uint8Array.of(1, 2), indexed: { b: null, a: 1 } })).toBe(true);
});

test.each<[string, Partial<Entry>]>([
  ['a byte', { body: Uint8Array.of(1, 3) }],
  ['the length', { body: Uint8Array.of(1, 2, 0) }],
  ['the content type', { contentType: 'a/c' }],
  ['the kind', { kind: 'l' }],
  ['that there is a kind', { kind: undefined }],
  ['an indexed value', { indexed: { a: 2, b: null } }],
  ['the type of an indexed value', { indexed: { a: '1', b: null } }],
  ['one more indexed key', { indexed: { a: 1, b: null, c: null } }],
  ['one less', { indexed: { a: 1 } }],
  ['another one', { indexed: { a: 1, c: null } }],
  ['a key that all objects have', { indexed: { a: 1, toString: null } }],
  ['an empty projection', { indexed: {} }],
  ['that there is one', { indexed: undefined }],
])('entries differ by %s', (_, difference) => {
  expect(sameEntry(entry, { ...entry, ...difference })).toBe(false);
  expect(sameEntry({ ...entry, ...difference }, entry)).toBe(false);
});
