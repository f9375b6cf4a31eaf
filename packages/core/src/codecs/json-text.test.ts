import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { bytes, textOf } from '../../test/support/bytes.ts';
import { THROWERS } from '../../test/support/hostile.ts';
import { typedThrow } from '../../test/support/rejection.ts';
import { parseJson, stringifyJson } from './json-text.ts';
import { RecordInvalidError } from './record-invalid-error.ts';

const write = (value: unknown, strict = true): string | undefined => textOf({ body: stringifyJson(value, { strict }) });

/** What JSON nests deeper than any stack. */
const DEEP = 200_000;
const deepText = (open: string, inner: string, close: string): string => open.repeat(DEEP) + inner + close.repeat(DEEP);

test.each([
  ['no text at all', ''],
  ['no JSON', '{a: 1}'],
  ['JSON that ends too early', '{"a": 1'],
  ['JSON with something behind it', '1 2'],
  ['NaN', 'NaN'],
  ['a byte order mark', '\ufeff1'],
])('%s is refused, without quoting it', (_, text) => {
  const error = typedThrow(() => parseJson(bytes(text)));
  expect(error).toBeInstanceOf(RecordInvalidError);
  expect('cause' in error).toBe(false);
});

test.each([
  ['a lone continuation byte', [0x22, 0x80, 0x22]],
  ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
  ['a surrogate in UTF-8', [0x22, 0xed, 0xa0, 0xbd, 0x22]],
  ['a character cut short', [0x22, 0xf0, 0x9f, 0x98, 0x22]],
  ['UTF-16 with its mark', [0xff, 0xfe, 0x31, 0x00]],
])('%s is not UTF-8', (_, body) => {
  expect(typedThrow(() => parseJson(Uint8Array.from(body)))).toMatchObject({ code: 'RECORD_INVALID' });
});

test.each([
  '{"__proto__": 1}',
  '{"__proto__": {"admin": true}}',
  '[{"a": {"__proto__": null}}]',
  '{"\\u005f_proto__": 1}',
  '{"\\u005F\\u005fproto\\u005f_": {}}',
  '{"__\\u0070roto__": 1, "x": "\\\\"}',
  '{"__proto__": 1, "__proto__": 2}',
])('a stored key __proto__ is refused: %s', (text) => {
  expect(typedThrow(() => parseJson(bytes(text))).message).toContain('__proto__');
});

test.each([
  '"__proto__"',
  '["__proto__"]',
  '{"a": "\\u005f_proto__"}',
  '{"__proto": 1}',
  '{"constructor": {"prototype": 1}}',
])('what only looks like it is read: %s', (text) => {
  expect(parseJson(bytes(text))).toEqual(JSON.parse(text));
});

test('a key __proto__ is not written, by whatever way it got there', () => {
  const own = Object.defineProperty({}, '__proto__', { value: 1, enumerable: true });
  const bare: unknown = Object.assign(Object.create(null), { ['__proto__']: 1 });
  for (const strict of [true, false]) {
    for (const value of [own, bare, [{ a: own }], JSON.parse('{"__proto__": {}}')]) {
      expect(typedThrow(() => write(value, strict)).code).toBe('RECORD_INVALID');
    }
    expect(write({ a: '__proto__' }, strict)).toBe('{"a":"__proto__"}');
  }
});

class Point {
  x = 1;
}
const cycle: { self?: unknown } = {};
cycle.self = cycle;

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a function', () => 1],
  ['a symbol', Symbol('a')],
  ['a bigint', 1n],
  ['NaN', Number.NaN],
  ['infinity', Infinity],
  ['minus infinity', [-Infinity]],
  ['a Date', new Date(0)],
  ['a Map', new Map()],
  ['a Set', { a: new Set() }],
  ['a RegExp', /a/],
  ['an Error', new Error('a')],
  ['bytes', Uint8Array.of(1)],
  ['a class instance', new Point()],
  ['an object that inherits', Object.create({ a: 1 })],
  ['a boxed number', new Number(1)],
  ['undefined in a list', [undefined]],
  ['a hole in a list', [1, , 2]], // oxlint-disable-line no-sparse-arrays
  ['a hole at the end of a list', Object.assign([], { length: 3 })],
  ['a list with a property', Object.assign([1], { a: 1 })],
  ['a list with a toJSON', Object.assign([1], { toJSON: () => 2 })],
  ['a list of a subclass', new (class List extends Array {})()],
  ['an object with a toJSON', { toJSON: () => 1 }],
  ['a symbol as a key', { [Symbol('a')]: 1 }],
  ['a cycle', cycle],
  [
    'a getter that throws',
    {
      get a() {
        throw new Error('secret');
      },
    },
  ],
  ['a revoked proxy', ((it) => (it.revoke(), it.proxy))(Proxy.revocable({}, {}))],
])('%s is not written, since it would be read back as something else', (_, value) => {
  for (const hidden of [value, [value], { a: [value] }]) {
    if (value === undefined && !Array.isArray(hidden) && hidden !== undefined) continue;
    expect(typedThrow(() => write(hidden))).toMatchObject({ code: 'RECORD_INVALID' });
  }
});

test('objects and lists of another realm, and objects without a prototype, are ordinary', () => {
  expect(write(runInNewContext('({ a: [1, { b: null }] })'))).toBe('{"a":[1,{"b":null}]}');
  expect(write(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
});

test('an absent property stays absent', () => {
  expect(write({ a: undefined, b: 1 })).toBe('{"b":1}');
});

test('strings survive, also lone surrogates and line separators', () => {
  for (const text of ['\ud83d', '\ude00', '\u2028', '\u0000', '"\\', '😀']) {
    expect(parseJson(stringifyJson(text, { strict: true }))).toBe(text);
  }
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a function', () => 1],
  ['a bigint', { a: 1n }],
  ['a cycle', cycle],
  [
    'a toJSON that throws',
    {
      toJSON: () => {
        throw new Error('secret');
      },
    },
  ],
  ...THROWERS.map(([what, make]): [string, unknown] => [
    `a toJSON that throws ${what}`,
    {
      toJSON: () => {
        throw make();
      },
    },
  ]),
])('where a schema decides, %s has no JSON form either', (_, value) => {
  const error = typedThrow(() => write(value, false));
  expect(error).toMatchObject({ code: 'RECORD_INVALID' });
  expect(error.message).not.toContain('secret');
});

test('where a schema decides, objects may bring their own JSON form', () => {
  expect(write({ at: new Date(0), by: new Point() }, false)).toBe('{"at":"1970-01-01T00:00:00.000Z","by":{"x":1}}');
});

test('a value nested deeper than the stack is refused, not a crash', () => {
  let deep: unknown = 1;
  for (let level = 0; level < DEEP; level += 1) deep = level % 2 === 0 ? [deep] : { deep };
  for (const strict of [true, false]) {
    expect(typedThrow(() => write(deep, strict))).toMatchObject({ code: 'RECORD_INVALID' });
  }
});

test('a text nested deeper than the stack is read or refused, not a crash', () => {
  expect(typedThrow(() => parseJson(bytes(deepText('[', '{"__proto__": 1}', ']'))))).toMatchObject({
    code: 'RECORD_INVALID',
  });
  expect(typedThrow(() => parseJson(bytes('['.repeat(DEEP))))).toMatchObject({ code: 'RECORD_INVALID' });
  expect(parseJson(bytes(deepText('[', '"\\u0041"', ']')))).toBeInstanceOf(Array);
});

test.each<[boolean, unknown, string]>([
  [true, { a: [1, { b: new Date(0) }] }, 'the value has a part that JSON would change in silence: a[1].b'],
  [true, { a: { 'ann@example.org': 1n } }, 'the value has a part that JSON would change in silence: a[…]'],
  [true, Number.NaN, 'the value has a part that JSON would change in silence'],
  [false, { a: [1, { b: Number.NaN }] }, 'the value has a part that JSON cannot keep: a[1].b'],
  [false, { a: [1, undefined] }, 'the value has a part that JSON cannot keep: a[1]'],
  [false, { a: new Date(Number.NaN) }, 'the value has a part that JSON cannot keep: a'],
  [false, { a: { toJSON: () => ({ b: Infinity }) } }, 'the value has a part that JSON cannot keep: a.b'],
  [false, { a: 1n }, 'the value has a part that JSON cannot keep: a'],
])('what is not written is named, strictly or not (%j): %#', (strict, value, message) => {
  expect(typedThrow(() => stringifyJson(value, { strict }))).toMatchObject({ code: 'RECORD_INVALID', message });
});
