import { expect, test } from 'vitest';
import { everythingIn } from '../../test/support/compare-with-model.ts';
import { ERROR_CODES } from '../errors/error-codes.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { ownError } from '../errors/own-error.ts';
import { parsePath } from '../paths/virtual-path.ts';
import { relocatedError } from './relocated-error.ts';

const named = { name: 'put', path: '/here', changes: true } as const;
const here = { named };
const veiled = { ...here, hidden: parsePath('/there/acme-holding') };

test('an error of the same call at the same path is passed on as it is', () => {
  const error = new HoldfastError('VERSION_MISMATCH', 'no', { operation: 'put', path: '/here' });
  expect(relocatedError(error, here)).toBe(error);
});

test('an error of another path gets this one and keeps the rest', () => {
  const cause = new Error('driver');
  const error = new HoldfastError('UNSUPPORTED', 'no', { operation: 'put', path: '/there', capability: 'cas', cause });
  const relocated = relocatedError(error, here);
  expect(relocated.toJSON()).toEqual({ ...error.toJSON(), path: '/here' });
  expect(relocated.rawCause()).toBe(cause);
  expect(relocated.stack).toMatch(/^HoldfastError \[UNSUPPORTED\]: put \/here: no\n/);
});

test.each(['not-applied', 'unknown'] as const)('an outcome of %s is kept, and is none of a read', (outcome) => {
  const error = new HoldfastError('TIMEOUT', 'late', { operation: 'put', path: '/there', outcome });
  expect(relocatedError(error, here)).toMatchObject({ outcome, retryable: outcome === 'not-applied' });
  expect(relocatedError(error, { named: { ...named, name: 'get', changes: false } }).outcome).toBeUndefined();
});

test('what is no error of ours is the backend’s failure, with an unknown outcome', () => {
  const thrown = new Error('driver');
  const error = relocatedError(thrown, here);
  expect(error).toMatchObject({
    code: 'BACKEND_FAILED',
    operation: 'put',
    path: '/here',
    outcome: 'unknown',
  });
  expect(error.rawCause()).toBe(thrown);
  expect('cause' in relocatedError(thrown, veiled)).toBe(false);
});

test('where causes are not shown, of ours the code is, and no more', () => {
  const deepest = new HoldfastError('UNAVAILABLE', 'no', { path: '/there', cause: new Error('/there') });
  const error = new HoldfastError('OUTCOME_UNKNOWN', 'lost', { operation: 'put', path: '/there', cause: deepest });
  const relocated = relocatedError(error, veiled);
  expect(relocated).toMatchObject({ code: 'OUTCOME_UNKNOWN', path: '/here', outcome: 'unknown' });
  expect(relocated.cause).toMatchObject({ code: 'UNAVAILABLE', path: '/here', operation: undefined });
  expect(everythingIn(relocated)).not.toContain('there');
});

test.each(["cannot read '/there/x'", '/there', 'at https://there', 'no (/there)', 'EACCES: open "/there"', 'x:/there'])(
  'a message that names a path, such as %j, becomes what the code means',
  (message) => {
    const relocated = relocatedError(new HoldfastError('CORRUPT', message, { path: '/there' }), veiled);
    expect(relocated.message).toBe(ERROR_CODES.CORRUPT.raised);
    expect(everythingIn(relocated)).not.toContain('there');
    expect(relocatedError(new HoldfastError('CORRUPT', message, { path: '/there' }), here).message).toBe(message);
  },
);

test.each(['no such key: there/acme-holding/a in bucket', 'bucket "There" is gone', 'ACME is over quota'])(
  'a message with a word of the hidden directory, such as %j, becomes what the code means',
  (message) => {
    expect(relocatedError(new HoldfastError('CORRUPT', message), veiled).message).toBe(ERROR_CODES.CORRUPT.raised);
    const cause = new HoldfastError('CORRUPT', message);
    const outer = relocatedError(new HoldfastError('OUTCOME_UNKNOWN', 'lost', { cause }), veiled);
    expect((outer.cause as Error).message).toBe(ERROR_CODES.CORRUPT.raised);
  },
);

test('a message without one stays, also where the word is a part of another', () => {
  const message = 'therefore the pacme was refused';
  expect(relocatedError(new HoldfastError('CORRUPT', message), veiled).message).toBe(message);
});

test('of what is called a capability, only capabilities are shown', () => {
  const error = (capability: string) => relocatedError(new HoldfastError('UNSUPPORTED', 'no', { capability }), veiled);
  expect(error('cas').capability).toBe('cas');
  expect(error('/there/acme-holding').capability).toBeUndefined();
});

test('a message with a slash inside a word names no path', () => {
  const error = new HoldfastError('INVALID_ARGUMENT', 'contentType must be like text/plain', { path: '/there' });
  expect(relocatedError(error, veiled).message).toBe(error.message);
});

test('a code of another release has no meaning to show', () => {
  const error = new HoldfastError('FROM_THE_FUTURE' as 'CORRUPT', 'no /there', { path: '/there' });
  expect(relocatedError(error, veiled)).toMatchObject({ code: 'FROM_THE_FUTURE', message: 'the backend failed' });
});

test('the reason of the caller’s signal is shown in any case, and no other', () => {
  const reason = new Error('/mine');
  const signal = AbortSignal.abort(reason);
  const aborted = (cause: unknown): HoldfastError => new HoldfastError('ABORTED', 'aborted', { path: '/there', cause });
  expect(relocatedError(aborted(reason), { ...veiled, signal }).rawCause()).toBe(reason);
  expect(relocatedError(aborted(new Error('/there')), { ...veiled, signal }).cause).toBeUndefined();
  const hostile = Object.defineProperty({}, 'reason', {
    get: () => {
      throw new Error('boom');
    },
  });
  expect(relocatedError(aborted(reason), { ...veiled, signal: hostile as AbortSignal }).cause).toBeUndefined();
});

test('the words of this package stay as they are, also where one of them is in the hidden path by chance', () => {
  const hidden = parsePath('/the/deadline/an/integer/1');
  const late = ownError('TIMEOUT', 'the deadline passed', { operation: 'put', path: '/the/deadline/an/integer/1/a' });
  const lost = ownError('OUTCOME_UNKNOWN', 'the reply was lost', { operation: 'put', cause: late });
  const relocated = relocatedError(lost, { ...here, hidden });
  expect(relocated).toMatchObject({ message: 'the reply was lost', path: '/here' });
  expect(relocated.cause).toMatchObject({ message: 'the deadline passed', path: '/here' });
  // Through another view as well.
  expect(
    relocatedError(relocated, { named: { ...named, path: '/elsewhere' }, hidden: parsePath('/reply') }).message,
  ).toBe('the reply was lost');
});
