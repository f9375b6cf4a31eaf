import { inspect } from 'node:util';
import { expect, test, vi } from 'vitest';
import { THROWERS } from '../../test/support/hostile.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import { HoldfastError, isHoldfastError, type OperationName } from './holdfast-error.ts';

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];
const MUTATIONS: readonly OperationName[] = ['put', 'delete', 'casUpdate'];
const OTHERS: readonly OperationName[] = ['get', 'list', 'entries', 'capabilitiesAt', 'open', 'close'];
const SECRET = 'postgres://admin:hunter2@db.internal/prod';

/** A cause as bad as drivers make them. */
function driverError(): Error {
  return Object.assign(new Error(`cannot connect to ${SECRET}`, { cause: new Error(SECRET) }), {
    code: 'ECONNREFUSED',
    address: SECRET,
  });
}

test.each(CODES)('%s can be made, and its fields say what it is', (code) => {
  const error = new HoldfastError(code, 'what happened', { operation: 'put', path: '/a', capability: 'cas' });
  expect(error).toBeInstanceOf(HoldfastError);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'HoldfastError', code, message: 'what happened', operation: 'put', path: '/a' });
  expect(error.capability).toBe('cas');
  expect(String(error)).toBe('HoldfastError: what happened');
  expect('cause' in error).toBe(false);
});

test.each(CODES)('%s of a mutation has the outcome of its table row unless told otherwise', (code) => {
  for (const operation of MUTATIONS) {
    expect(new HoldfastError(code, '', { operation }).outcome).toBe(ERROR_CODES[code].outcome);
    expect(new HoldfastError(code, '', { operation, outcome: 'unknown' }).outcome).toBe('unknown');
    expect(new HoldfastError(code, '', { operation, outcome: 'not-applied' }).outcome).toBe('not-applied');
  }
});

test.each(CODES)('%s of anything else has no outcome unless it is given one', (code) => {
  for (const operation of [...OTHERS, undefined]) {
    expect(new HoldfastError(code, '', { operation }).outcome).toBeUndefined();
    expect(new HoldfastError(code, '', { operation, outcome: 'unknown' }).outcome).toBe('unknown');
  }
});

test.each(CODES)('%s is retryable only when its row says so and its outcome is known', (code) => {
  const { retryable } = ERROR_CODES[code];
  expect(new HoldfastError(code, '', { operation: 'get' }).retryable).toBe(retryable);
  expect(new HoldfastError(code, '', { operation: 'put', outcome: 'not-applied' }).retryable).toBe(retryable);
  expect(new HoldfastError(code, '', { operation: 'put', outcome: 'unknown' }).retryable).toBe(false);
});

test('a code of another release is not known to be retryable or to be not applied', () => {
  for (const code of ['OF_TOMORROW', 'toString', '__proto__', undefined]) {
    const error = new HoldfastError(code as ErrorCode, 'm', { operation: 'put' });
    expect(error).toMatchObject({ code, outcome: 'unknown', retryable: false });
  }
});

test('the JSON form has the fields and never the cause', () => {
  const error = new HoldfastError('UNAVAILABLE', 'gone', { operation: 'put', path: '/a', cause: driverError() });
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: 'HoldfastError',
    code: 'UNAVAILABLE',
    message: 'gone',
    operation: 'put',
    path: '/a',
    outcome: 'unknown',
    retryable: false,
  });
});

test('the cause is the very object that was given, and can be told from none', () => {
  const cause = driverError();
  expect(new HoldfastError('UNAVAILABLE', 'gone', { cause }).cause).toBe(cause);
  const without = new HoldfastError('ABORTED', 'gone', { cause: undefined });
  expect('cause' in without).toBe(true);
  expect(without.cause).toBeUndefined();
});

test.each<[string, (error: HoldfastError) => string]>([
  ['inspect', (error) => inspect(error)],
  ['inspect, asked for everything', (error) => inspect(error, { depth: null, showHidden: true })],
  [
    'inspect without the custom form, as Node prints uncaught errors',
    (error) => inspect(error, { customInspect: false, depth: 9 }),
  ],
  ['inspect of something it is in', (error) => inspect({ list: [error] }, { depth: null })],
  ['inspect of an error it is the cause of', (error) => inspect(new Error('outer', { cause: error }))],
  ['String', String],
  ['the stack', (error) => String(error.stack)],
  ['JSON', (error) => JSON.stringify({ error })],
  ['its keys and values', (error) => JSON.stringify(Object.entries(error))],
  ['a spread copy', (error) => inspect(Object.assign({}, error), { depth: null })],
  ['a structured clone', (error) => inspect(structuredClone(error), { depth: null, showHidden: true })],
])('%s shows nothing of the cause', (_, show) => {
  const error = new HoldfastError('UNAVAILABLE', 'gone', { operation: 'get', path: '/a', cause: driverError() });
  expect(show(error)).not.toMatch(/hunter2|db\.internal/);
  expect(show(error)).toMatch(/gone|UNAVAILABLE/);
});

test('inspect shows the fields, the stack and of the cause its class and code', () => {
  const shown = inspect(
    new HoldfastError('UNAVAILABLE', 'gone', { operation: 'get', path: '/a', cause: driverError() }),
  );
  for (const part of ['gone', 'UNAVAILABLE', '"/a"', 'Error ECONNREFUSED', 'holdfast-error.test.ts']) {
    expect(shown).toContain(part);
  }
});

test.each<[string, unknown, string]>([
  ['text', SECRET, '"cause":"string"'],
  ['a HoldfastError', new HoldfastError('BUSY', SECRET), '"cause":"HoldfastError BUSY"'],
  ['a name that is no word', Object.assign(new Error('x'), { name: SECRET }), '"cause":"Error"'],
  ['a code that is no word', Object.assign(new Error('x'), { code: SECRET }), '"cause":"Error"'],
  ['a DOMException', new DOMException(SECRET, 'AbortError'), '"cause":"AbortError"'],
  ['an object', { message: SECRET }, '"cause":"object"'],
  ['null', null, '"cause":"object"'],
  [
    'a name that throws',
    Object.defineProperty(new Error('x'), 'name', {
      get: () => {
        throw new Error(SECRET);
      },
    }),
    '"cause":"object"',
  ],
  ['a revoked proxy', ((it) => (it.revoke(), it.proxy))(Proxy.revocable({}, {})), '"cause":"object"'],
])('inspect of an error caused by %s shows its kind only', (_, cause, expected) => {
  const shown = inspect(new HoldfastError('BACKEND_FAILED', 'failed', { cause }));
  expect(shown).toContain(expected);
  expect(shown).not.toContain('hunter2');
});

test('isHoldfastError tells typed errors from others, and their codes apart', () => {
  const error = new HoldfastError('BUSY', 'busy');
  expect(isHoldfastError(error)).toBe(true);
  expect(isHoldfastError(error, 'BUSY')).toBe(true);
  expect(isHoldfastError(error, 'TIMEOUT')).toBe(false);
  for (const other of [undefined, null, 'BUSY', 7, {}, { code: 'BUSY' }, new Error('x'), () => error]) {
    expect(isHoldfastError(other)).toBe(false);
  }
});

test.each(THROWERS)('isHoldfastError answers for %s, and does not throw', (_, make) => {
  expect(isHoldfastError(make())).toBe(false);
  expect(isHoldfastError(make(), 'BUSY')).toBe(false);
});

test('isHoldfastError also holds for an error of another copy of the package', async () => {
  vi.resetModules();
  const other = await import('./holdfast-error.ts');
  expect(other.HoldfastError).not.toBe(HoldfastError);
  const error = new other.HoldfastError('BUSY', 'busy');
  expect(error).not.toBeInstanceOf(HoldfastError);
  expect(isHoldfastError(error, 'BUSY')).toBe(true);
  expect(other.isHoldfastError(new HoldfastError('BUSY', 'busy'), 'BUSY')).toBe(true);
});

test('what JSON or structuredClone made of an error is data and no longer one', () => {
  const error = new HoldfastError('BUSY', 'busy');
  expect(isHoldfastError(JSON.parse(JSON.stringify(error)))).toBe(false);
  expect(isHoldfastError(structuredClone(error))).toBe(false);
});
