import { expect, test } from 'vitest';
import { reasonOf } from '../src/server-error.ts';

test('a reason is one line, from whatever was thrown', () => {
  expect(reasonOf(new Error('broken'))).toBe('broken');
  expect(reasonOf(new Error('fetch failed', { cause: new Error('connect ECONNREFUSED') }))).toBe(
    'fetch failed: connect ECONNREFUSED',
  );
  expect(reasonOf(new AggregateError([new Error('ECONNREFUSED ::1'), new Error('ECONNREFUSED 127.0.0.1')]))).toBe(
    'ECONNREFUSED ::1, ECONNREFUSED 127.0.0.1',
  );
  expect(reasonOf(new TypeError())).toBe('TypeError');
  expect(reasonOf('just words')).toBe('just words');
});

test('a reason carries no secret, as it is or encoded', () => {
  const error = new Error('no user "p@ss" at postgres://u:p%40ss@host', { cause: new Error('p@ss is wrong') });
  expect(reasonOf(error, ['', 'p@ss'])).toBe('no user "…" at postgres://u:…@host: … is wrong');
});
