import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textOf } from '../../test/support/bytes.ts';
import { stored, storedJson } from '../../test/support/json-body.ts';
import { rejection, typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { parseEntry } from '../entries/parse-entry.ts';
import { jsonCodec } from './json-codec.ts';
import { RecordInvalidError } from './record-invalid-error.ts';
import type { StandardSchema } from './standard-schema.ts';

const codec = jsonCodec<unknown>({ kind: 'thing' });

test('a record is its JSON text, with its kind', async () => {
  const entry = await codec.encode({ b: 1, a: [null, true, 'ü😀'] });
  expect(textOf(entry)).toBe('{"b":1,"a":[null,true,"ü😀"]}');
  expect(entry).toMatchObject({ kind: 'thing', contentType: 'application/json', indexed: undefined });
  expect(await codec.decode(stored(entry))).toEqual({ b: 1, a: [null, true, 'ü😀'] });
});

test('without a schema a value is either refused or read back as it was', async () => {
  const value = fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    stringUnit: 'binary',
  });
  await fc.assert(
    fc.asyncProperty(value, async (given) => {
      let entry;
      try {
        entry = await codec.encode(given);
      } catch (error) {
        expect(error).toBeInstanceOf(RecordInvalidError);
        return;
      }
      // Equal, but for minus zero, absent properties and prototypes, which JSON has none of.
      expect(JSON.stringify(await codec.decode(stored(entry)))).toBe(JSON.stringify(given));
      expect(await codec.decode(stored(entry))).toEqual(given === 0 ? 0 : withoutMinusZero(given));
    }),
    { numRuns: 2000 },
  );
});

function withoutMinusZero(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(withoutMinusZero);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutMinusZero(item)]));
}

test('what JSON can say is read back as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ stringUnit: 'binary' }), async (given) => {
      const text = JSON.stringify(given);
      // The one thing that JSON can say and we do not.
      fc.pre(!text.includes('"__proto__":'));
      const entry = await codec.encode(given);
      expect(await codec.decode(stored(entry))).toEqual(withoutMinusZero(given));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['nothing', undefined],
  ['an unknown key', { kind: 'a', scheme: {} }],
  ['no kind', {}],
  ['an empty kind', { kind: '' }],
  ['a kind that no entry can have', { kind: 'a-b' }],
  ['a schema that is null', { kind: 'a', schema: null }],
  ['a schema that is none', { kind: 'a', schema: { parse: () => 1 } }],
  ['a schema of version 2', { kind: 'a', schema: { '~standard': { version: 2 } } }],
  ['an index that is no function', { kind: 'a', index: { a: 1 } }],
])('a codec cannot be made with %s', (_, options) => {
  expect(typedThrow(() => jsonCodec(options as never)).code).toBe('INVALID_ARGUMENT');
});

test('a record of another kind or content type is refused', async () => {
  const body = new TextEncoder().encode('1');
  for (const entry of [
    { body, kind: 'other', contentType: 'application/json' },
    { body, contentType: 'application/json' },
    { body, kind: 'thing' },
    { body, kind: 'thing', contentType: 'application/json; charset=utf-8' },
  ]) {
    expect(await rejection(Promise.resolve(codec.decode(stored(entry))))).toMatchObject({ code: 'RECORD_INVALID' });
  }
});

test('the index function gives the projection, of the value as it was given', async () => {
  const indexed = jsonCodec<{ name: string; secret: string }>({ kind: 'k', index: ({ name }) => ({ name }) });
  const entry = await indexed.encode({ name: 'x', secret: 'y' });
  expect(entry.indexed).toEqual({ name: 'x' });
  expect(parseEntry(entry).indexed).toEqual({ name: 'x' });
});

test('what the index function throws is thrown as it is', async () => {
  const mine = new Error('mine');
  const failing = jsonCodec<number>({
    kind: 'k',
    index: () => {
      throw mine;
    },
  });
  expect(await rejection(Promise.resolve(failing.encode(1)))).toBe(mine);
});

/** A schema that answers whatever it is told to. */
function answering(answer: () => unknown): StandardSchema<unknown, unknown> {
  return { '~standard': { version: 1, vendor: 'test', validate: answer as never } };
}

test.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new RangeError('secret');
    },
  ],
  [
    'throws what is no error',
    () => {
      throw 'secret' as unknown; // oxlint-disable-line no-throw-literal
    },
  ],
  ['rejects', () => Promise.reject(new Error('secret'))],
  ['answers nothing', () => undefined],
  ['answers null', () => null],
  ['finds issues', () => ({ issues: [{ message: 'secret' }] })],
  ['finds issues and has a value nevertheless', () => ({ value: 1, issues: [{ message: 'secret' }] })],
  ['answers an empty list of issues', () => ({ issues: [] })],
])('a schema that %s refuses reading and writing', async (_, answer) => {
  const { encode, decode } = jsonCodec({ kind: 'k', schema: answering(answer) });
  for (const attempt of [() => encode(1), () => decode(storedJson('k', '1'))]) {
    const error = await rejection(Promise.resolve(attempt()));
    expect(error).toBeInstanceOf(RecordInvalidError);
    expect([String(error), inspect(error), JSON.stringify(error)].join()).not.toContain('secret');
  }
});

test('the issues of a schema are there for whoever asks', async () => {
  const issues = [{ message: 'too small', path: ['a', { key: 0 }] }];
  const { decode } = jsonCodec({ kind: 'k', schema: answering(() => ({ issues })) });
  const error = (await rejection(Promise.resolve(decode(storedJson('k', '1'))))) as RecordInvalidError;
  expect(error.issues).toEqual(issues);
  expect(Object.keys(error)).not.toContain('issues');
  expect(new RecordInvalidError('x').issues).toEqual([]);
});

test('a schema sees of a value to write only what will be read', async () => {
  const seen: unknown[] = [];
  const schema = answering(((value: unknown) => {
    seen.push(value);
    return { value };
  }) as () => unknown);
  await jsonCodec({ kind: 'k', schema }).encode({ at: new Date(0), gone: undefined, map: new Map([[1, 2]]) });
  expect(seen).toEqual([{ at: '1970-01-01T00:00:00.000Z', map: {} }]);
});

test('what throws when it is looked at is no option, and what is no snapshot is not decoded', async () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const boom = (): never => {
    throw new Error('boom');
  };
  const schema = new Proxy({}, { get: boom });
  for (const options of [
    proxy,
    { kind: 'k', schema },
    Object.defineProperty({}, 'kind', { get: boom, enumerable: true }),
  ]) {
    expect(typedThrow(() => jsonCodec(options as never)).code).toBe('INVALID_ARGUMENT');
  }
  for (const nothing of [undefined, null, 1]) {
    expect((await typedRejection(Promise.resolve(jsonCodec({ kind: 'k' }).decode(nothing as never)))).code).toBe(
      'INVALID_ARGUMENT',
    );
  }
});
