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

class LibraryError extends Error {
  override readonly name = 'LibraryError';
  readonly code = 'SQLITE_BUSY';
}

/** An error with all its causes, as a logger walks through them. */
function causes(error: Error): Error[] {
  return error.cause instanceof Error ? [error, ...causes(error.cause)] : [error];
}

test.each(CODES)('%s can be made, and its fields say what it is', (code) => {
  const error = new HoldfastError(code, 'what happened', { operation: 'put', path: '/a', capability: 'cas' });
  expect(error).toBeInstanceOf(HoldfastError);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'HoldfastError', code, message: 'what happened', operation: 'put', path: '/a' });
  expect(error.capability).toBe('cas');
  expect(String(error)).toBe('HoldfastError [' + code + ']: put /a: what happened');
  expect(error.stack).toMatch(/^HoldfastError \[\w+\]: put \/a: what happened\n {4}at /);
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

test('the raw cause is the very object that was given, and a cause can be told from none', () => {
  const cause = driverError();
  expect(new HoldfastError('UNAVAILABLE', 'gone', { cause }).rawCause()).toBe(cause);
  const without = new HoldfastError('ABORTED', 'gone', { cause: undefined });
  expect('cause' in without).toBe(true);
  expect([without.cause, without.rawCause(), new HoldfastError('BUSY', '').rawCause()]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('the cause is an error of ours as it is, and stands for any other with its class, code and causes', () => {
  const lost = new HoldfastError('UNAVAILABLE', 'gone', { cause: driverError() });
  expect(new HoldfastError('OUTCOME_UNKNOWN', 'lost', { cause: lost }).cause).toBe(lost);
  const { cause } = lost as { cause: Error & { code: string } };
  expect(cause).toBeInstanceOf(Error);
  expect([cause.name, cause.code, String(cause)]).toEqual([
    'Error',
    'ECONNREFUSED',
    'Error: text withheld, see rawCause()',
  ]);
  expect(cause.cause).toBeInstanceOf(Error);
});

test('the cause can be replaced, as test runners do', () => {
  const error = new HoldfastError('UNAVAILABLE', 'gone', { cause: driverError() });
  Object.assign(error, { cause: 'other' });
  expect(error.cause).toBe('other');
});

test('what an error has not is neither listed nor printed', () => {
  const error = new HoldfastError('CLOSED', 'closed');
  expect(Object.keys(error).toSorted()).toEqual(['code', 'retryable']);
  expect([error.operation, error.path, error.outcome, error.capability]).toEqual(Array(4).fill(undefined));
  expect(inspect(error)).not.toMatch(/undefined|cause/);
});

test.each([
  [{ operation: 'put', path: '/a' }, 'gone', 'HoldfastError [BUSY]: put /a: gone'],
  [{ operation: 'open' }, 'gone', 'HoldfastError [BUSY]: open: gone'],
  [{ path: '/a' }, 'gone', 'HoldfastError [BUSY]: /a: gone'],
  [{}, 'gone', 'HoldfastError [BUSY]: gone'],
  [{ operation: 'get', path: '/' }, '', 'HoldfastError [BUSY]: get /'],
] as const)('the first line of %o names code, operation and path', (details, message, first) => {
  const error = new HoldfastError('BUSY', message, details);
  expect([String(error), error.stack?.split('\n')[0], inspect(error).split('\n')[0]]).toEqual([first, first, first]);
  expect(error.message).toBe(message);
});

test('a stack begins where the error is made, goes deeper than usual, and can be replaced', () => {
  const limit = Error.stackTraceLimit;
  const deep = (depth: number): HoldfastError => (depth === 0 ? new HoldfastError('BUSY', 'gone') : deep(depth - 1));
  const error = deep(30);
  expect(error.stack?.split('\n').filter((line) => line.includes('at deep'))).toHaveLength(31);
  expect(Error.stackTraceLimit).toBe(limit);
  error.stack = 'other';
  expect(error.stack).toBe('other');
});

test('who wants short stacks gets them', () => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 2;
  try {
    expect(new HoldfastError('BUSY', 'gone').stack?.split('\n')).toHaveLength(3);
    expect(Error.stackTraceLimit).toBe(2);
  } finally {
    Error.stackTraceLimit = limit;
  }
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
  ['inspect, asked to call getters', (error) => inspect(error, { depth: null, showHidden: true, getters: true })],
  [
    'its causes as a logger reads them',
    (error) =>
      causes(error)
        .flatMap((it) => [it.message, it.stack])
        .join(),
  ],
  [
    'its causes as they are',
    (error) =>
      causes(error)
        .map((it) => inspect(it, { customInspect: false }))
        .join(),
  ],
  ['its causes made JSON', (error) => JSON.stringify(causes(error).flatMap((it) => [it, Object.entries(it)]))],
])('%s shows nothing of the cause', (_, show) => {
  const error = new HoldfastError('UNAVAILABLE', 'gone', { operation: 'get', path: '/a', cause: driverError() });
  expect(show(error)).not.toMatch(/hunter2|db\.internal/);
  expect(show(error)).toMatch(/gone|UNAVAILABLE/);
});

test('inspect shows the stack, the fields and of the cause its class and code, as of any error', () => {
  const shown = inspect(
    new HoldfastError('UNAVAILABLE', 'gone', { operation: 'get', path: '/a', cause: driverError() }),
  );
  for (const part of [
    'gone',
    "code: 'UNAVAILABLE'",
    "path: '/a'",
    '[cause]: [Error [ECONNREFUSED]: ',
    import.meta.filename,
  ]) {
    expect(shown).toContain(part);
  }
  expect(shown).not.toContain('Getter');
});

test.each<[string, unknown, string]>([
  ['text', SECRET, '[cause]: [Error: a string was thrown'],
  ['a HoldfastError', new HoldfastError('BUSY', 'busy'), '[cause]: HoldfastError [BUSY]: busy'],
  ['a class and a code', new LibraryError(), '[cause]: [LibraryError [SQLITE_BUSY]: '],
  ['a name that is no word', Object.assign(new Error('x'), { name: SECRET }), '[cause]: [Error: '],
  ['a code that is no word', Object.assign(new Error('x'), { code: SECRET }), '[cause]: [Error: '],
  ['a code that is no code', Object.assign(new Error('x'), { code: 'hunter2' }), '[cause]: [Error: '],
  ['a DOMException', new DOMException(SECRET, 'AbortError'), '[cause]: [Error [AbortError]: '],
  ['an object', { message: SECRET }, '[cause]: [Error: an object was thrown'],
  ['null', null, '[cause]: [Error: null was thrown'],
  [
    'a name that throws',
    Object.defineProperty(new Error('x'), 'name', {
      get: () => {
        throw new Error(SECRET);
      },
    }),
    '[cause]: [Error: an Error was thrown',
  ],
  [
    'a revoked proxy',
    ((it) => (it.revoke(), it.proxy))(Proxy.revocable({}, {})),
    '[cause]: [Error: an object was thrown',
  ],
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

test('a structured clone begins with the code, operation and path', () => {
  const error = new HoldfastError('TIMEOUT', 'late', { operation: 'put', path: '/a' });
  expect(structuredClone(error).stack).toMatch(/^HoldfastError \[TIMEOUT\]: put \/a: late\n/);
});

test('what JSON or structuredClone made of an error is data and no longer one', () => {
  const error = new HoldfastError('BUSY', 'busy');
  expect(isHoldfastError(JSON.parse(JSON.stringify(error)))).toBe(false);
  expect(isHoldfastError(structuredClone(error))).toBe(false);
});
