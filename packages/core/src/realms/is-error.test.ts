import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { isError } from './is-error.ts';

/** What better-sqlite3 and libsql throw: a function that calls itself an error, and objects that no engine calls one. */
function NativeError(this: object, message: string): void {
  Object.defineProperty(this, 'message', { value: message });
  Error.captureStackTrace(this, NativeError);
}
Object.setPrototypeOf(NativeError.prototype, Error.prototype);
Object.defineProperty(NativeError.prototype, 'name', { value: 'NativeError' });

test.each([
  ['of this realm', new TypeError('x')],
  ['of another realm', runInNewContext('new RangeError("x")')],
  ['of a native driver', Reflect.construct(NativeError, ['x'])],
  ['of the platform', new DOMException('x', 'AbortError')],
  ['of several', new AggregateError([])],
  ['that was sent by another thread', structuredClone(new Error('x'))],
])('an error %s is one', (_of, error) => {
  expect(isError(error)).toBe(true);
});

const revoked = Proxy.revocable({}, {});
revoked.revoke();

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'Error'],
  ['an object that only has a message', { name: 'Error', message: 'x' }],
  ['an error whose message is no text', Object.assign(new Error(), { message: 7 })],
  ['what throws when it is looked at', revoked.proxy],
])('%s is none', (_what, value) => {
  expect(isError(value)).toBe(false);
});

test('asking puts no stack into words', () => {
  const { prepareStackTrace } = Error;
  let prepared = 0;
  Error.prepareStackTrace = () => (prepared += 1);
  try {
    expect([isError(new Error('x')), prepared]).toEqual([true, 0]);
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
});
