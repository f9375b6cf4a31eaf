import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { kindOf } from './kind-of.ts';

class Secret {
  readonly [Symbol.toStringTag] = 'hunter2';
}

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [['secret'], 'an array'],
  ['', 'an empty string'],
  ['secret', 'a string'],
  [5, 'a number'],
  [-0.5, 'a number'],
  [Number.NaN, 'NaN'],
  [-Infinity, '-Infinity'],
  [1n, 'a bigint'],
  [true, 'a boolean'],
  [{ secret: 1 }, 'an object'],
  [Symbol('secret'), 'a symbol'],
  [() => 'secret', 'a function'],
  [Promise.resolve('secret'), 'a Promise'],
  [new Date(0), 'a Date'],
  [/secret/, 'a RegExp'],
  [new Map([['secret', 1]]), 'a Map'],
  [new Set(['secret']), 'a Set'],
  [new TypeError('secret'), 'an Error'],
  [new ArrayBuffer(1), 'an ArrayBuffer'],
  [new Uint8Array(1), 'a Uint8Array'],
  [Buffer.from('secret'), 'a Uint8Array'],
  [new Int8Array(1), 'an Int8Array'],
  [new URL('file:///secret'), 'a URL'],
  [new AbortController().signal, 'an AbortSignal'],
  [new Secret(), 'an object'],
])('the kind of %# is named without its value', (value, kind) => {
  expect(kindOf(value)).toBe(kind);
});

test.each([
  ['Promise.resolve(1)', 'a Promise'],
  ['new Date()', 'a Date'],
  ['new ArrayBuffer(1)', 'an ArrayBuffer'],
  ['new Error()', 'an Error'],
  ['[]', 'an array'],
])('the kind of %s of another realm is the same', (code, kind) => {
  expect(kindOf(runInNewContext(code))).toBe(kind);
});

test.each([
  ['a revoked proxy', () => ((it) => (it.revoke(), it.proxy))(Proxy.revocable({}, {}))],
  [
    'a tag that throws',
    () =>
      Object.defineProperty({}, Symbol.toStringTag, {
        get: () => {
          throw new Error('secret');
        },
      }),
  ],
])('%s is an object', (_, make) => {
  expect(kindOf(make())).toBe('an object');
});
