import type { StandardSchemaV1 } from '@standard-schema/spec';
import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { textOf } from '../../test/support/bytes.ts';
import { stored, storedJson } from '../../test/support/json-body.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { jsonCodec } from './json-codec.ts';
import { RecordInvalidError } from './record-invalid-error.ts';
import type { StandardSchema } from './standard-schema.ts';

interface Budget {
  readonly left: number;
  readonly owner?: string | undefined;
}

const later = async (left: number): Promise<boolean> => Promise.resolve(left >= 0);

const SCHEMAS: readonly (readonly [string, StandardSchema<unknown, Budget>])[] = [
  ['Zod', z.object({ left: z.number().min(0), owner: z.string().optional() })],
  ['Zod, asynchronous', z.object({ left: z.number().refine(later), owner: z.string().optional() })],
  ['Valibot', v.object({ left: v.pipe(v.number(), v.minValue(0)), owner: v.optional(v.string()) })],
  [
    'Valibot, asynchronous',
    v.objectAsync({ left: v.pipeAsync(v.number(), v.checkAsync(later)), owner: v.optional(v.string()) }),
  ],
];

test.each(SCHEMAS)('%s: a record that fits is written and read', async (_, schema) => {
  const codec = jsonCodec<Budget>({ kind: 'budget', schema, index: ({ left }) => ({ left }) });
  const entry = await codec.encode({ left: 5, owner: undefined });
  expect(textOf(entry)).toBe('{"left":5}');
  expect(entry.indexed).toEqual({ left: 5 });
  expect(await codec.decode(stored(entry))).toEqual({ left: 5 });
});

test.each(SCHEMAS)('%s: a record that does not fit is neither written nor read', async (_, schema) => {
  const codec = jsonCodec<Budget>({ kind: 'budget', schema });
  for (const bad of [{ left: -1 }, { left: '5' }, {}, null, [], { left: Number.NaN }, { left: 1, owner: null }]) {
    const attempts = [() => codec.encode(bad as Budget), () => codec.decode(storedJson('budget', JSON.stringify(bad)))];
    for (const attempt of attempts) {
      const error = await rejection(Promise.resolve(attempt()));
      expect(error).toBeInstanceOf(RecordInvalidError);
    }
  }
});

test.each(SCHEMAS)('%s: whatever is written can be read', async (_, schema) => {
  const codec = jsonCodec<Budget>({ kind: 'budget', schema });
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.anything(), fc.record({ left: fc.double(), owner: fc.anything() })), async (value) => {
      let entry;
      try {
        entry = await codec.encode(value as Budget);
      } catch (error) {
        expect(error).toBeInstanceOf(RecordInvalidError);
        return;
      }
      expect(await codec.decode(stored(entry))).toHaveProperty('left');
    }),
  );
});

test('a schema that turns text into dates reads what it wrote', async () => {
  const at = new Date(86_400_000);
  const dates: readonly StandardSchema<unknown, { at: Date }>[] = [
    z.object({ at: z.coerce.date() }),
    v.object({
      at: v.pipe(
        v.union([v.string(), v.date()]),
        v.transform((it) => new Date(it)),
        v.date(),
      ),
    }),
  ];
  for (const schema of dates) {
    const codec = jsonCodec<{ at: Date }>({ kind: 'dated', schema });
    const entry = await codec.encode({ at });
    expect(textOf(entry)).toBe('{"at":"1970-01-02T00:00:00.000Z"}');
    expect(await codec.decode(stored(entry))).toEqual({ at });
    const invalid = codec.encode({ at: new Date(Number.NaN) });
    expect(await rejection(Promise.resolve(invalid))).toBeInstanceOf(RecordInvalidError);
  }
});

test('a schema whose output is not its input writes nothing, since it could not read it', async () => {
  const numbers: readonly StandardSchema<unknown, number>[] = [
    z.string().transform(Number),
    v.pipe(v.string(), v.transform(Number)),
  ];
  for (const schema of numbers) {
    const codec = jsonCodec<number>({ kind: 'k', schema });
    expect(await codec.decode(storedJson('k', '"5"'))).toBe(5);
    expect(await rejection(Promise.resolve(codec.encode(5)))).toBeInstanceOf(RecordInvalidError);
  }
});

test('what JSON would make null of is not written, also where the schema would take null', async () => {
  const schema = z.object({ a: z.number().nullable(), list: z.array(z.unknown()), at: z.coerce.date().nullish() });
  const codec = jsonCodec<z.infer<typeof schema>>({ kind: 'k', schema });
  for (const bad of [
    { a: Number.NaN, list: [] },
    { a: Infinity, list: [] },
    { a: null, list: [undefined] },
    { a: null, list: [Symbol('a')] },
    { a: null, list: [[() => 1]] },
    { a: null, list: Array.from({ length: 1 }) },
    { a: null, list: [], at: new Date(Number.NaN) },
    { a: null, list: [{ toJSON: () => null }] },
  ]) {
    expect(await rejection(Promise.resolve(codec.encode(bad)))).toBeInstanceOf(RecordInvalidError);
  }
  expect(textOf(await codec.encode({ a: null, list: [null, 1], at: undefined }))).toBe('{"a":null,"list":[null,1]}');
});

test('a record of an older form is completed by the defaults of its schema', async () => {
  const schema = z.object({ left: z.number(), owner: z.string().default('nobody') });
  const codec = jsonCodec<{ left: number; owner: string }>({ kind: 'budget', schema });
  expect(await codec.decode(storedJson('budget', '{"left":1}'))).toEqual({ left: 1, owner: 'nobody' });
});

test('a validator that overflows the stack refuses the record', async () => {
  const tree: z.ZodType = z.lazy(() => z.array(tree));
  const codec = jsonCodec<unknown>({ kind: 'tree', schema: tree });
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  expect(await rejection(Promise.resolve(codec.decode(storedJson('tree', deep))))).toBeInstanceOf(RecordInvalidError);
});

test('our description of a schema is that of the specification', () => {
  const ours = {} as StandardSchema<string, number>;
  const theirs: StandardSchemaV1<string, number> = ours;
  const back: StandardSchema<string, number> = {} as StandardSchemaV1<string, number>;
  expect([theirs, back]).toEqual([{}, {}]);
});

test.each(SCHEMAS)('%s: the message names the fields and no value', async (_, schema) => {
  const codec = jsonCodec<Budget>({ kind: 'budget', schema });
  const error = await typedRejection(
    Promise.resolve(codec.decode(storedJson('budget', '{"left": "hunter2", "owner": 7777}'))),
  );
  expect(error.message).toBe('the record does not fit its schema: left, owner');
  expect(`${error.stack} ${JSON.stringify(error)}`).not.toMatch(/hunter2|7777/);
});

test('a schema whose issues are nonsense is told all the same', async () => {
  for (const issues of [7, [7], [undefined], 'no']) {
    const schema = { '~standard': { version: 1, vendor: 'x', validate: () => ({ issues }) } } as never;
    const error = await typedRejection(Promise.resolve(jsonCodec({ kind: 'a', schema }).decode(storedJson('a', '1'))));
    expect(error).toMatchObject({ code: 'RECORD_INVALID' });
  }
});
