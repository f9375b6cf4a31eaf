import { expect, test } from 'vitest';
import { decodeName } from './decode-name.ts';
import { isTempName, mintTempName } from './temp-name.ts';

test.each(['a', 'é', '😀', '\ufffd', '%2e', '...', ' ', '*', 'n'.repeat(255)])('%s is a name', (name) => {
  expect(decodeName(Buffer.from(name))).toBe(name);
});

test.each<[string, Buffer]>([
  ['not UTF-8', Buffer.from([0x61, 0xff])],
  ['an encoded surrogate', Buffer.from([0xed, 0xa0, 0x80])],
  ['an overlong form', Buffer.from([0xc0, 0xaf])],
  ['not in NFC', Buffer.from('e\u0301')],
  ['with a control character', Buffer.from('a\nb')],
  ['with a C1 control character', Buffer.from('a\u0085')],
  ['with a backslash', Buffer.from('a\\b')],
])('a name %s has no path', (_, raw) => {
  expect(decodeName(raw)).toBeUndefined();
});

test('temporary names are all of one length, different, and recognised in any case', () => {
  const names = Array.from({ length: 1000 }, mintTempName);
  expect(new Set(names).size).toBe(1000);
  for (const name of names) {
    expect(name).toHaveLength(46);
    expect(isTempName(name) && isTempName(name.toUpperCase())).toBe(true);
  }
  for (const name of ['.holdfast-.tmp', `x${names[0]}`, `${names[0]}x`, '.holdfast-notes.tmp']) {
    expect(isTempName(name)).toBe(false);
  }
});
