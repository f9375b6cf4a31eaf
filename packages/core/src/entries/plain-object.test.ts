import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { isPlainObject } from './plain-object.ts';

test.each([[{}], [{ a: 1 }], [Object.create(null)], [runInNewContext('({})')], [{ constructor: 1 }]])(
  '%# is what a literal makes',
  (value) => {
    expect(isPlainObject(value)).toBe(true);
  },
);

test.each([
  [undefined],
  [null],
  ['a'],
  [1],
  [() => {}],
  [[]],
  [runInNewContext('[]')],
  [new Map()],
  [new Date(0)],
  [/a/],
  [new Error('a')],
  [new String('a')],
  [Uint8Array.of(1)],
  [
    new (class {
      a = 1;
    })(),
  ],
  [Object.create({ a: 1 })],
])('%# is not', (value) => {
  expect(isPlainObject(value)).toBe(false);
});
