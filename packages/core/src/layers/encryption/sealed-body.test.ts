import { expect, test } from 'vitest';
import { ENCRYPTION_OVERHEAD_BYTES, isKeyId, layOut, takeApart } from './sealed-body.ts';

test('what is laid out is taken apart, and its parts cover all of it', () => {
  for (const id of ['k', 'k'.repeat(64)]) {
    for (const length of [0, 1, 100]) {
      const { whole, ...parts } = layOut(id, length);
      expect(takeApart(whole)).toEqual({ ...parts, keyId: id });
      const { header, salt, nonce, ciphertext, tag } = parts;
      expect([...header, ...nonce, ...ciphertext, ...tag]).toEqual([...whole]);
      expect([...header]).toEqual([0xfa, id.length, ...Buffer.from(id), ...salt]);
      expect([salt.length, nonce.length, ciphertext.length, tag.length]).toEqual([16, 12, length, 16]);
      expect([...ciphertext, ...tag].every((byte) => byte === 0)).toBe(true);
      expect(whole.length - length).toBe(46 + id.length);
      expect(whole.length - length).toBeLessThanOrEqual(ENCRYPTION_OVERHEAD_BYTES);
    }
  }
});

test('every salt and every nonce is its own, on which it depends that no key and nonce meet twice', () => {
  const bodies = Array.from({ length: 64 }, () => layOut('k', 0));
  for (const part of ['salt', 'nonce'] as const) {
    expect(new Set(bodies.map((body) => Buffer.from(body[part]).toString('hex'))).size).toBe(64);
  }
});

test.each<[string, number[]]>([
  ['nothing', []],
  ['one byte', [0xfa]],
  ['another format', [0xfb, 1, 107, ...Array<number>(44).fill(0)]],
  ['no id', [0xfa, 0, ...Array<number>(100).fill(0)]],
  ['a long id', [0xfa, 65, ...Array<number>(200).fill(107)]],
  ['an id of other letters', [0xfa, 1, 32, ...Array<number>(100).fill(0)]],
  ['one byte too few', [0xfa, 1, 107, ...Array<number>(43).fill(0)]],
])('%s is no sealed body', (_, body) => {
  expect(takeApart(new Uint8Array(body))).toBe(undefined);
});

test('ids are 1 to 64 letters that need no escape anywhere', () => {
  for (const id of ['a', '2026-11', 'A.b_c-d', '__proto__', 'x'.repeat(64)]) expect(isKeyId(id)).toBe(true);
  for (const id of ['', 'x'.repeat(65), 'a b', 'ä', 'a/b', 'a\n', 7, null, undefined, ['a']]) {
    expect(isKeyId(id)).toBe(false);
  }
});
