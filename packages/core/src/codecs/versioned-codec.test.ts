import * as v from 'valibot';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { textOf } from '../../test/support/bytes.ts';
import { THROWERS } from '../../test/support/hostile.ts';
import { stored } from '../../test/support/json-body.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { rejection, typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { CasApply } from '../cas/cas-apply.ts';
import { casUpdate } from '../cas/cas-update.ts';
import { readRecord } from '../helpers/read-record.ts';
import { jsonCodec } from './json-codec.ts';
import type { RecordCodec } from './record-codec.ts';
import { versionedCodec } from './versioned-codec.ts';

const one = jsonCodec<{ steps: number }>({ kind: 'turn' });
const two = jsonCodec<{ steps: number; done: boolean }>({ kind: 'turn', index: ({ done }) => ({ done }) });
const three = jsonCodec({
  kind: 'turn',
  schema: z.strictObject({ names: z.array(z.string()), done: z.boolean(), note: z.string().default('none') }),
});
const toTwo = { codec: two, up: ({ steps }: { steps: number }) => ({ steps, done: steps > 2 }) };
const toThree = {
  codec: three,
  up: async ({ steps, done }: { steps: number; done: boolean }) => ({
    names: Array.from({ length: steps }, (_, index) => `step ${index}`),
    done,
    note: 'brought up',
  }),
};
const FORMATS = [versionedCodec(one), versionedCodec(one, toTwo), versionedCodec(one, toTwo, toThree)] as const;
const [first, second, third] = FORMATS;
const newest = { names: ['step 0'], done: false, note: 'brought up' };

test('format 1 is stored as its codec alone stores it, and later ones with their number behind the content type', async () => {
  expect(await first.encode({ steps: 1 })).toEqual(await one.encode({ steps: 1 }));
  expect(await second.encode({ steps: 1, done: true })).toMatchObject({
    contentType: 'application/json; format=2',
    kind: 'turn',
    indexed: { done: true },
  });
  const entry = await third.encode(newest);
  expect([entry.contentType, textOf(entry)]).toEqual(['application/json; format=3', JSON.stringify(newest)]);
});

test('a record of every format so far is read as one of the newest', async () => {
  expect(await third.decode(stored(await one.encode({ steps: 1 })))).toEqual(newest);
  expect(await third.decode(stored(await first.encode({ steps: 1 })))).toEqual(newest);
  expect(await third.decode(stored(await second.encode({ steps: 1, done: false })))).toEqual(newest);
  expect(await third.decode(stored(await third.encode(newest)))).toEqual(newest);
  expect(await second.decode(stored(await one.encode({ steps: 3 })))).toEqual({ steps: 3, done: true });
});

test('a record of a format that is not known is RECORD_TOO_NEW, also for a codec that knows no formats', async () => {
  const entry = stored(await third.encode(newest));
  expect(await typedRejection(second.decode(entry) as Promise<unknown>)).toMatchObject({
    code: 'RECORD_TOO_NEW',
    message: 'the record is of format 3; this program knows up to 2',
    retryable: false,
  });
  expect((await typedRejection(first.decode(entry) as Promise<unknown>)).code).toBe('RECORD_TOO_NEW');
  expect((await typedRejection(one.decode(entry) as Promise<unknown>)).code).toBe('RECORD_INVALID');
  const far = { ...entry, contentType: 'application/json; format=999999999' };
  expect((await typedRejection(third.decode(far) as Promise<unknown>)).code).toBe('RECORD_TOO_NEW');
});

test.each(['0', '1', '01', '02', '-1', '2.0', '2a', '1e3', '', ' 2', '1234567890', '2; format=x'])(
  'what no format has behind the content type, such as %j, is RECORD_INVALID',
  async (number) => {
    const entry = { ...stored(await one.encode({ steps: 1 })), contentType: `application/json; format=${number}` };
    expect((await typedRejection(third.decode(entry) as Promise<unknown>)).code).toBe('RECORD_INVALID');
  },
);

test('what was brought up is read as if it had been stored: validated, with defaults, and a value of its own', async () => {
  const shared: string[] = [];
  const up = (turn: { steps: number }) => ({ names: turn.steps < 0 ? turn : shared, done: false }) as never;
  const codec = versionedCodec(one, { codec: three, up });
  const read = async (steps: number) => codec.decode(stored(await one.encode({ steps })));
  const value = await read(1);
  expect(value).toEqual({ names: [], done: false, note: 'none' });
  expect(value.names).not.toBe(shared);
  const error = await typedRejection(read(-1));
  expect(error).toMatchObject({ code: 'RECORD_INVALID', message: 'the record does not fit its schema: names' });
});

test('each format is read by its own schema, and an older record that does not fit names its fields', async () => {
  const codec = versionedCodec(jsonCodec({ kind: 'n', schema: v.object({ count: v.number() }) }), {
    codec: jsonCodec({ kind: 'n', schema: v.object({ total: v.number() }) }),
    up: ({ count }) => ({ total: count }),
  });
  const entry = stored({ body: new TextEncoder().encode('{"count":"9"}'), kind: 'n', contentType: 'application/json' });
  expect(await typedRejection(codec.decode(entry) as Promise<unknown>)).toMatchObject({
    code: 'RECORD_INVALID',
    message: 'the record does not fit its schema: count',
  });
});

test('reading stores nothing, and an update that gives back what it was given stores the newest format, once', async () => {
  const filesystem = new MapFilesystem();
  await casUpdate(filesystem, '/t', one, () => CasApply.write({ steps: 1 }));
  expect(await readRecord(filesystem, '/t', third)).toMatchObject({ value: newest });
  const keep = () => casUpdate(filesystem, '/t', third, (turn) => CasApply.write(turn ?? newest));
  expect(filesystem.stored.get('/t')?.contentType).toBe('application/json');
  expect([(await keep()).written, (await keep()).written]).toEqual([true, false]);
  expect(filesystem.stored.get('/t')?.contentType).toBe('application/json; format=3');
});

test('an update by a program that does not know the format is refused, with operation and path, and changes nothing', async () => {
  const filesystem = new MapFilesystem();
  const { version } = await casUpdate(filesystem, '/t', third, () => CasApply.write(newest));
  const update = casUpdate(filesystem, '/t', second, () => CasApply.write({ steps: 0, done: false }));
  expect(await typedRejection(update)).toMatchObject({
    code: 'RECORD_TOO_NEW',
    operation: 'casUpdate',
    path: '/t',
    outcome: 'not-applied',
  });
  expect(filesystem.stored.get('/t')?.version).toBe(version);
});

test('what a step throws reaches the caller as it is', async () => {
  const mine = new Error('mine');
  const codec = versionedCodec(one, {
    codec: two,
    up: () => {
      throw mine;
    },
  });
  expect(await rejection(codec.decode(stored(await one.encode({ steps: 1 }))) as Promise<unknown>)).toBe(mine);
});

test('formats may be of any codec, and of other content types and kinds', async () => {
  const text: RecordCodec<string> = {
    encode: (value) => ({ body: new TextEncoder().encode(value), kind: 'note' }),
    decode: (entry) => textOf(entry) ?? '',
  };
  const codec = versionedCodec(one, { codec: text, up: ({ steps }) => `${steps} steps` });
  const entry = await codec.encode('hello');
  expect(entry).toMatchObject({ kind: 'note', contentType: 'application/octet-stream; format=2' });
  expect(await codec.decode(stored(entry))).toBe('hello');
  expect(await codec.decode(stored(await one.encode({ steps: 2 })))).toBe('2 steps');
});

test('a codec of a format cannot have formats itself, and what encodes to nothing is left to be refused', async () => {
  const nested = versionedCodec(second, { codec: two, up: (turn) => turn });
  const within = versionedCodec(second);
  expect(await nested.encode({ steps: 1, done: true })).toMatchObject({ contentType: 'application/json; format=2' });
  const error = await typedRejection(within.encode({ steps: 1, done: true }) as Promise<unknown>);
  expect(error.code).toBe('INVALID_ARGUMENT');
  const nothing = versionedCodec(one, { codec: { ...two, encode: () => undefined as never }, up: toTwo.up });
  const update = casUpdate(new MapFilesystem(), '/t', nothing, () => CasApply.write({ steps: 1, done: true }));
  expect((await typedRejection(update)).code).toBe('INVALID_ARGUMENT');
});

test.each<[string, readonly unknown[], string]>([
  ['no codec', [], 'first must be a RecordCodec, such as jsonCodec gives; got undefined'],
  ['the options of one', [{ kind: 'turn' }], 'first must be a RecordCodec, such as jsonCodec gives; got an object'],
  ['a list', [[one, toTwo]], 'first must be a RecordCodec, such as jsonCodec gives; got an array'],
  ['a codec as a step', [one, two], 'the step to format 2 has an unknown key encode; known are codec, up'],
  [
    'a misspelt key',
    [one, { ...toTwo, upp: 1 }],
    'the step to format 2 has an unknown key upp (did you mean up?); known are codec, up',
  ],
  [
    'a step without a codec',
    [one, toTwo, { up: toTwo.up }],
    'the codec of the step to format 3 must be a RecordCodec, such as jsonCodec gives; got undefined',
  ],
  ['a step without a way', [one, { codec: two }], 'up of the step to format 2 must be a function; got undefined'],
  [
    'no step',
    [one, undefined],
    'the codec of the step to format 2 must be a RecordCodec, such as jsonCodec gives; got undefined',
  ],
  ['a function as a step', [one, toTwo.up], 'the step to format 2 must be an object; got a function'],
])('%s is refused, and the message says where', (_, given, message) => {
  expect(typedThrow(() => (versionedCodec as (...all: readonly unknown[]) => unknown)(...given))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message,
  });
});

test.each(THROWERS)('%s is no step and no codec', (_, make) => {
  for (const given of [[make()], [one, make()]]) {
    const error = typedThrow(() => (versionedCodec as (...all: readonly unknown[]) => unknown)(...given));
    expect(error.code).toBe('INVALID_ARGUMENT');
  }
});
