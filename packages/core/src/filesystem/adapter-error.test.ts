import { expect, test } from 'vitest';
import { RecordInvalidError } from '../codecs/record-invalid-error.ts';
import { ERROR_CODES, type ErrorCode } from '../errors/error-codes.ts';
import { HoldfastError, type OperationName } from '../errors/holdfast-error.ts';
import type { Named } from '../operations/named.ts';
import { adapterError, argumentError } from './adapter-error.ts';

const call = (name: OperationName, path: string | undefined): Named => ({
  name,
  path,
  changes: ['put', 'delete', 'casUpdate'].includes(name),
});

test.each([
  new Error('secret'),
  'secret',
  undefined,
  null,
  7,
  { code: 'BUSY' },
  new DOMException('secret', 'AbortError'),
])('what is no typed error (%#) is a failure of the backend, and nobody knows whether it applied', (thrown) => {
  const error = adapterError(thrown, call('put', '/a'));
  expect(error).toMatchObject({ code: 'BACKEND_FAILED', operation: 'put', path: '/a', outcome: 'unknown' });
  expect(error.rawCause()).toBe(thrown);
  expect(error.message).not.toContain('secret');
  expect(adapterError(thrown, call('get', '/a')).outcome).toBeUndefined();
});

test.each(Object.keys(ERROR_CODES) as ErrorCode[])(
  '%s keeps what the adapter said and gets what it left out',
  (code) => {
    const cause = new Error('driver');
    const thrown = new HoldfastError(code, 'said', { capability: 'cas', cause });
    const error = adapterError(thrown, call('delete', '/a'));
    expect(error).toMatchObject({ code, message: 'said', capability: 'cas', operation: 'delete', path: '/a' });
    expect(error.outcome).toBe(ERROR_CODES[code].outcome);
    expect(error.rawCause()).toBe(cause);
    const promised = new HoldfastError(code, 'said', { outcome: 'not-applied', path: '/b' });
    expect(adapterError(promised, call('put', '/a'))).toMatchObject({ outcome: 'not-applied', path: '/b' });
    expect(adapterError(thrown, call('get', '/a')).outcome).toBeUndefined();
  },
);

test('an error of another operation becomes one of this, at the path it names', () => {
  const opening = new HoldfastError('BUSY', 'said', { operation: 'open' });
  expect(adapterError(opening, call('put', '/a'))).toMatchObject({
    operation: 'put',
    path: '/a',
    outcome: 'not-applied',
  });
  const written = new HoldfastError('BUSY', 'said', { operation: 'put', path: '/b' });
  expect(adapterError(written, call('entries', '/'))).toMatchObject({
    operation: 'entries',
    path: '/b',
    outcome: undefined,
  });
});

test('an error of a read becomes one of a mutation with the outcome of its code', () => {
  const read = new HoldfastError('TIMEOUT', 'said', { operation: 'get', path: '/b' });
  expect(adapterError(read, call('put', '/a'))).toMatchObject({
    code: 'TIMEOUT',
    operation: 'put',
    outcome: 'unknown',
  });
});

test('what a codec found stays with its error', () => {
  const issues = [{ message: 'no', path: ['a'] }];
  const error = adapterError(new RecordInvalidError('said', { issues }), call('get', '/a'));
  expect(error).toBeInstanceOf(RecordInvalidError);
  expect(error).toMatchObject({ code: 'RECORD_INVALID', operation: 'get', path: '/a', issues });
});

test('an error with a code of another release is passed on, and promises nothing', () => {
  const thrown = new HoldfastError('OF_TOMORROW' as ErrorCode, 'said');
  expect(adapterError(thrown, call('put', '/a'))).toMatchObject({
    code: 'OF_TOMORROW',
    outcome: 'unknown',
    retryable: false,
  });
});

test('what an argument throws is an invalid argument, which was not applied', () => {
  const thrown = new Error('secret');
  const error = argumentError(thrown, call('casUpdate', '/a'));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'casUpdate', path: '/a', outcome: 'not-applied' });
  expect(error.rawCause()).toBe(thrown);
  expect(error.message).not.toContain('secret');
  const typed = new HoldfastError('INVALID_PATH', 'said');
  expect(argumentError(typed, call('put', undefined))).toMatchObject({ code: 'INVALID_PATH', outcome: 'not-applied' });
});
