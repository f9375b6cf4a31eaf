import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes } from '../../test/support/bytes.ts';
import { THROWERS, throwingGetter } from '../../test/support/hostile.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { DEFAULT_CONTENT_TYPE, isKind, parseEntry, parseOwnEntry } from './parse-entry.ts';

const body = Uint8Array.of(1, 2, 3);
const inOtherRealm = (code: string): unknown => runInNewContext(code);

test('what is left out has a default', () => {
  expect(parseEntry({ body })).toEqual({
    body,
    contentType: DEFAULT_CONTENT_TYPE,
    kind: undefined,
    indexed: undefined,
  });
  expect(parseEntry({ body, contentType: undefined, kind: undefined, indexed: undefined })).toEqual(
    parseEntry({ body }),
  );
});

test('a body that nobody else has is copied only if it is of another realm, which drivers do not know', () => {
  const own = (it: unknown) => parseOwnEntry({ body: it as Uint8Array, contentType: 'a/b', kind: 'k' });
  expect(own(body)).toEqual({ body, contentType: 'a/b', kind: 'k', indexed: undefined });
  expect(own(body).body).toBe(body);
  const foreign = own(inOtherRealm('Uint8Array.of(1, 2, 3)')).body;
  expect(Object.getPrototypeOf(foreign)).toBe(Uint8Array.prototype);
  expect(foreign).toEqual(body);
});

test('the body is a copy of exactly what the array shows of its buffer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 40 }), fc.nat(4), (all, offset) => {
      const view = new Uint8Array(all.buffer, offset);
      const parsed = parseEntry({ body: view }).body;
      expect([...parsed]).toEqual([...view]);
      expect(parsed.buffer.byteLength).toBe(view.length);
      view.fill(7);
      all.fill(7);
      expect(parsed.buffer).not.toBe(all.buffer);
    }),
  );
});

test('a change of the array after the call reaches nothing', () => {
  const mine = Uint8Array.of(1, 2, 3);
  const entry = parseEntry({ body: mine });
  mine.fill(9);
  expect([...entry.body]).toEqual([1, 2, 3]);
  expect(Object.isFrozen(entry)).toBe(true);
});

test.each<[string, () => unknown]>([
  ['an empty array', () => new Uint8Array()],
  ['a Buffer', () => Buffer.from([1, 2, 3])],
  ['an array of a subclass', () => new (class extends Uint8Array {})(3)],
  ['an array over shared memory', () => new Uint8Array(new SharedArrayBuffer(3))],
  ['an array that follows a resizable buffer', () => new Uint8Array(new ArrayBuffer(3, { maxByteLength: 8 }))],
  ['an array over growable shared memory', () => new Uint8Array(new SharedArrayBuffer(3, { maxByteLength: 8 }))],
  ['an array of another realm', () => inOtherRealm('Uint8Array.of(1, 2, 3)')],
])('it takes %s and makes a plain array of its own', (_, make) => {
  const given = make() as Uint8Array;
  const parsed = parseEntry({ body: given }).body;
  expect([...parsed]).toEqual([...given]);
  expect(Object.getPrototypeOf(parsed)).toBe(Uint8Array.prototype);
  expect(parsed.buffer).toBeInstanceOf(ArrayBuffer);
  expect((parsed.buffer as ArrayBuffer).resizable).toBe(false);
});

function detached(array: Uint8Array<ArrayBuffer>): Uint8Array {
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

function outOfBounds(): Uint8Array {
  const buffer = new ArrayBuffer(8, { maxByteLength: 8 });
  const view = new Uint8Array(buffer, 4, 4);
  buffer.resize(2);
  return view;
}

const GONE: [string, () => unknown][] = [
  ['a detached array', () => detached(Uint8Array.of(1, 2, 3))],
  ['a detached array of another realm', () => detached(inOtherRealm('Uint8Array.of(1, 2, 3)') as typeof body)],
  ['an array whose buffer shrank below it', outOfBounds],
];

test.each<[string, () => unknown]>([
  ...GONE,
  ['nothing', () => undefined],
  ['null', () => null],
  ['text', () => 'abc'],
  ['a list of numbers', () => [1, 2, 3]],
  ['a bare buffer', () => new ArrayBuffer(3)],
  ['a DataView', () => new DataView(new ArrayBuffer(3))],
  ['a Uint8ClampedArray', () => Uint8ClampedArray.of(1)],
  ['an Int8Array', () => Int8Array.of(-1)],
  ['a Uint16Array', () => Uint16Array.of(300)],
  ['a Float64Array of another realm', () => inOtherRealm('Float64Array.of(1.5)')],
  [
    'a Float64Array in disguise',
    () => Object.defineProperty(Float64Array.of(1.5), Symbol.toStringTag, { value: 'Uint8Array' }),
  ],
  ['an object with the prototype of an array', () => Object.create(Uint8Array.prototype) as unknown],
  ['a proxy of an array', () => new Proxy(Uint8Array.of(1), {})],
  ['a promise of an array', () => Promise.resolve(body)],
])('it refuses %s as a body', (_, make) => {
  expect(typedThrow(() => parseEntry({ body: make() }))).toMatchObject({ code: 'INVALID_ARGUMENT' });
});

test.each([...GONE, ...THROWERS])('to put %s is an invalid argument, which was not applied', async (_, make) => {
  await using filesystem = new MapFilesystem();
  for (const entry of [make(), { body: make() }]) {
    const error = await typedRejection(filesystem.put('/a', entry as never, 'any'));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', outcome: 'not-applied', operation: 'put', path: '/a' });
  }
  expect(filesystem.calls).toEqual([]);
});

test.each(['body', 'contentType', 'kind', 'indexed'])('so is an entry whose %s throws', async (key) => {
  await using filesystem = new MapFilesystem();
  const error = await typedRejection(filesystem.put('/a', throwingGetter(key, { body }) as never, 'any'));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', outcome: 'not-applied' });
  expect(filesystem.calls).toEqual([]);
});

test.each([undefined, null, 'text', 1, body, [], () => ({ body })])('it refuses %# as an entry', (value) => {
  expect(typedThrow(() => parseEntry(value)).code).toBe('INVALID_ARGUMENT');
});

test('a key that nobody reads is refused', () => {
  for (const extra of [{ type: 'text/plain' }, { Kind: 'a' }, { [Symbol('kind')]: 'a' }, { version: 'v' }]) {
    expect(typedThrow(() => parseEntry({ body, ...extra })).code).toBe('INVALID_ARGUMENT');
  }
});

test.each(['text/plain', 'text/plain; charset="utf-8"', 'x'.repeat(255), ' '])(
  '%j is a content type',
  (contentType) => {
    expect(parseEntry({ body, contentType }).contentType).toBe(contentType);
  },
);

test.each(['', 'x'.repeat(256), 'text/plain\n', 'a\u0000', 'a\u007f', 'é', null, 1, ['text/plain']])(
  '%j is no content type',
  (contentType) => {
    expect(typedThrow(() => parseEntry({ body, contentType })).code).toBe('INVALID_ARGUMENT');
  },
);

test.each(['a', '_', 'Turn_2', 'x'.repeat(128), '__proto__'])('%j is a kind', (kind) => {
  expect(parseEntry({ body, kind }).kind).toBe(kind);
  expect(isKind(kind)).toBe(true);
});

test.each(['', '2a', 'a-b', 'a b', 'a\n', 'é', 'x'.repeat(129), null, 1, true, ['a']])('%j is no kind', (kind) => {
  expect(typedThrow(() => parseEntry({ body, kind })).code).toBe('INVALID_ARGUMENT');
  expect(isKind(kind)).toBe(false);
});

test('no message shows a body, a content type or a kind', () => {
  for (const entry of [
    { body: 'secret' },
    { body, contentType: 'secret\n' },
    { body, kind: 'secret!' },
    { body: bytes(''), 'a secret': 1 },
  ]) {
    expect(typedThrow(() => parseEntry(entry)).message).not.toContain('secret');
  }
});
