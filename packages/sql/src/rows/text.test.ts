import { expect, test } from 'vitest';
import { decodeText } from './text.ts';

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

test('bytes become the text that they are in UTF-8, whatever a driver calls them', () => {
  for (const text of ['', 'a/b', 'é ～ 😀', '\u{feff}mark', '\0', '\u{fffd}']) {
    const encoded = new TextEncoder().encode(text);
    expect(decodeText(encoded)).toBe(text);
    expect(decodeText(Buffer.from(encoded))).toBe(text);
    expect(decodeText(encoded.slice().buffer)).toBe(text);
    expect(decodeText(text)).toBe(text);
  }
  expect(decodeText(null)).toBe(null);
});

test('what is not UTF-8, and what is no text at all, is no text', () => {
  // A byte of the middle, a beginning without its end, a surrogate, one that is longer than it need be.
  for (const broken of [bytes(0x80), bytes(0xc3), bytes(0xed, 0xa0, 0x80), bytes(0xc0, 0xaf), bytes(0xff)]) {
    expect(decodeText(broken)).toBe(undefined);
  }
  for (const value of [undefined, 7, 7n, true, {}, [1]]) expect(decodeText(value)).toBe(undefined);
});
