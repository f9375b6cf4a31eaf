import { expect, test } from 'vitest';
import { THROWERS } from '../../test/support/hostile.ts';
import { HoldfastError } from './holdfast-error.ts';
import { withReason } from './reason.ts';

const coded = (code: unknown, cause?: unknown): Error => Object.assign(new Error('hunter2', { cause }), { code });

test.each<[string, unknown, string]>([
  ['a code', coded('ECONNREFUSED'), 'no (ECONNREFUSED)'],
  ['a SQLSTATE', coded('28P01'), 'no (28P01)'],
  ['the code of a cause', new TypeError('fetch failed', { cause: coded('ENOTFOUND') }), 'no (ENOTFOUND)'],
  ['the deepest of several', coded('SERVER_ERROR', coded('ECONNRESET')), 'no (ECONNRESET)'],
  ['the first address', new AggregateError([coded('EHOSTUNREACH'), coded('ECONNREFUSED')]), 'no (EHOSTUNREACH)'],
  ['its own, when the cause has none', coded('SERVER_ERROR', new Error('hunter2')), 'no (SERVER_ERROR)'],
  ['no code', new Error('hunter2'), 'no'],
  ['a code in small letters', coded('hunter2'), 'no'],
  ['a code that is a sentence', coded('NO HUNTER2'), 'no'],
  ['a code that is too long', coded('X'.repeat(65)), 'no'],
  ['a number', coded(7), 'no'],
  ['no error', 'ECONNREFUSED', 'no'],
])('a message tells %s', (_, thrown, message) => {
  expect(withReason('no', thrown)).toBe(message);
});

test('of an error of ours it is the reason of that', () => {
  expect(withReason('no', new HoldfastError('UNAVAILABLE', 'gone', { cause: coded('ECONNREFUSED') }))).toBe(
    'no (ECONNREFUSED)',
  );
  expect(withReason('no', new HoldfastError('UNAVAILABLE', 'gone'))).toBe('no');
});

test('causes that lead in a circle end', () => {
  const circle = new Error('hunter2');
  circle.cause = circle;
  expect(withReason('no', circle)).toBe('no');
});

test.each(THROWERS)('%s has no reason, and does not throw', (_, make) => {
  expect(withReason('no', make())).toBe('no');
});
