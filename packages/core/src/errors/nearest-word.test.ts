import { expect, test } from 'vitest';
import { nearestWord } from './nearest-word.ts';

const KEYS = ['signal', 'timeoutMs', 'after', 'limit', 'at', 'to'];

test.each([
  ['timeoutMS', 'timeoutMs'],
  ['timeout', 'timeoutMs'],
  ['singal', 'signal'],
  ['signall', 'signal'],
  ['limi', 'limit'],
  ['timeuotMs', 'timeoutMs'],
  ['LIMIT', 'limit'],
])('%s is taken for %s', (word, key) => {
  expect(nearestWord(word, KEYS)).toBe(key);
});

test.each(['maxAttempts', 'x', '', 'of', 'timeoutMilliseconds'])('"%s" is like none of them', (word) => {
  expect(nearestWord(word, KEYS)).toBeUndefined();
});

test('of two that are alike the nearer one is told', () => {
  expect(nearestWord('reads', ['read', 'reads', 'ready'])).toBe('reads');
});
