import { expect, test } from 'vitest';
import { count, duration, latency, listed } from './words.ts';

test('numbers, lists and times are written as they are read', () => {
  expect([count(1, 'scenario'), count(1100, 'scenario')]).toEqual(['1 scenario', '1,100 scenarios']);
  expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
  expect([0, 1, 999.4, 999.6, 59_940, 59_960, 125_400].map(duration)).toEqual([
    '< 1 ms',
    '1 ms',
    '999 ms',
    '1.0 s',
    '59.9 s',
    '1 min 0 s',
    '2 min 5 s',
  ]);
  expect([0.004, 0.42, 0.9996, 8.06, 9.96, 12.3, 4100].map(latency)).toEqual([
    '4 µs',
    '420 µs',
    '1.0 ms',
    '8.1 ms',
    '10 ms',
    '12 ms',
    '4.1 s',
  ]);
});
