import { expect, test } from 'vitest';
import { THROWERS } from '../../test/support/hostile.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import { mintVersion } from '../versions/version.ts';
import { CasApply } from './cas-apply.ts';
import { casUpdate } from './cas-update.ts';
import type { CasHint } from './cas-hint.ts';

failOnUnhandledRejections();

interface Counter {
  count: number;
}
const codec = jsonCodec<Counter>({ kind: 'counter' });
const ABSENT = { snapshot: undefined, version: undefined };

const add = (filesystem: MapFilesystem, hint: CasHint<Counter> | undefined) =>
  casUpdate(filesystem, '/a', codec, (it) => CasApply.write({ count: (it?.count ?? 0) + 1 }), {
    hint,
    backoffMinMs: 0,
  });

/** A filesystem with a counter, and what its last update has left; its calls are counted from then on. */
async function holding(count: number) {
  const filesystem = new MapFilesystem();
  const hint = await casUpdate(filesystem, '/a', codec, () => CasApply.write({ count }));
  filesystem.calls.length = 0;
  return { filesystem, hint };
}

test('an update with the result of an earlier one reads nothing', async () => {
  const { filesystem, hint } = await holding(1);
  const second = await add(filesystem, hint);
  const third = await add(filesystem, second);
  expect(third).toMatchObject({ snapshot: { count: 3 }, written: true, attempts: 1 });
  expect(filesystem.calls).toEqual(['_put', '_put']);
});

test('so does one that knows that there is none', async () => {
  const filesystem = new MapFilesystem();
  await add(filesystem, ABSENT);
  expect(filesystem.calls).toEqual(['_put']);
});

test.each<[string, CasHint<Counter>]>([
  ['a version that has gone', { snapshot: { count: 70 }, version: mintVersion() }],
  ['none, where one is', ABSENT],
])('a write on a hint of %s is a conflict, and then it reads', async (_, hint) => {
  const { filesystem } = await holding(1);
  expect(await add(filesystem, hint)).toMatchObject({ snapshot: { count: 2 }, attempts: 2 });
  expect(filesystem.calls).toEqual(['_put', '_get', '_put']);
  const once = casUpdate(filesystem, '/a', codec, () => CasApply.write({ count: 0 }), { hint, maxAttempts: 1 });
  expect((await typedRejection(once)).code).toBe('RETRIES_EXHAUSTED');
});

test.each(['noOp', 'throw', 'same', 'invalid'] as const)(
  'what writes nothing (%s) is decided again on what is there, in the same attempt',
  async (kind) => {
    const { filesystem, hint } = await holding(1);
    for (const given of [hint, { snapshot: { count: 70 }, version: mintVersion() }]) {
      filesystem.calls.length = 0;
      const saw: unknown[] = [];
      const update = casUpdate(
        filesystem,
        '/a',
        codec,
        (current, { attempt }) => {
          saw.push([current?.count, attempt]);
          if (kind === 'throw') throw new Error('mine');
          if (kind === 'invalid') return undefined as never;
          return kind === 'noOp' ? CasApply.noOp() : CasApply.write(current as Counter);
        },
        { hint: given, maxAttempts: 1 },
      );
      if (kind === 'throw' || kind === 'invalid') await rejection(update);
      else expect(await update).toMatchObject({ snapshot: { count: 1 }, version: hint.version, attempts: 1 });
      expect(saw).toEqual([
        [given.snapshot.count, 1],
        [1, 1],
      ]);
      expect(filesystem.calls).toEqual(['_get']);
    }
  },
);

test('a codec that cannot read the hint reads what is there', async () => {
  const { filesystem, hint } = await holding(1);
  let reads = 0;
  const fails = {
    ...codec,
    decode: (stored: Parameters<typeof codec.decode>[0]) => {
      reads += 1;
      if (reads === 1) throw new Error('not this');
      return codec.decode(stored);
    },
  };
  await casUpdate(filesystem, '/a', fails, () => CasApply.write({ count: 9 }), { hint });
  expect(filesystem.calls).toEqual(['_get', '_put']);
});

test('a hint is copied, and stays as it is', async () => {
  const { filesystem, hint } = await holding(1);
  const snapshot = { count: 1 };
  const update = casUpdate(
    filesystem,
    '/a',
    codec,
    (current) => {
      (current as Counter).count += 1;
      return CasApply.write(current as Counter);
    },
    { hint: { snapshot, version: hint.version } },
  );
  snapshot.count = 50;
  expect(await update).toMatchObject({ snapshot: { count: 2 }, written: true });
  expect(snapshot).toEqual({ count: 50 });
});

test('one that cannot be encoded fails the update, before anything is asked for', async () => {
  const { filesystem, hint } = await holding(1);
  const snapshot = { count: 1, toJSON: () => undefined };
  const error = await typedRejection(add(filesystem, { snapshot, version: hint.version }));
  expect(error).toMatchObject({ operation: 'casUpdate', path: '/a', outcome: 'not-applied' });
  expect(filesystem.calls).toEqual([]);
});

test('whoever joins a round has no use for one', async () => {
  const { filesystem, hint } = await holding(1);
  const both = await Promise.all([add(filesystem, undefined), add(filesystem, hint)]);
  expect(both.map(({ snapshot, attempts }) => [snapshot.count, attempts])).toEqual([
    [2, 1],
    [3, 1],
  ]);
  expect(filesystem.calls).toEqual(['_get', '_put']);
});

test('those who join a round that began with one are told only what is stored', async () => {
  const { filesystem } = await holding(1);
  const late = { ...codec, encode: async (value: Counter) => await codec.encode(value) };
  const stale = casUpdate(filesystem, '/a', late, () => CasApply.noOp(), {
    hint: { snapshot: { count: 70 }, version: mintVersion() },
  });
  const looks = casUpdate(filesystem, '/a', codec, (it) => CasApply.noOp(it?.count));
  expect([(await stale).snapshot, (await looks).outcome]).toEqual([{ count: 1 }, 1]);
});

test.each([null, 1, 'absent', {}, { snapshot: { count: 1 } }, { version: mintVersion() }, { snapshot: undefined }])(
  '%o is no hint',
  async (hint) => {
    const filesystem = new MapFilesystem();
    const error = await typedRejection(add(filesystem, hint as never));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', path: '/a', outcome: 'not-applied' });
    expect(filesystem.calls).toEqual([]);
  },
);

test.each([
  { snapshot: { count: 1 }, version: undefined },
  { snapshot: undefined, version: mintVersion() },
  { snapshot: { count: 1 }, version: '' },
  { snapshot: { count: 1 }, version: 7 },
])('%o is no hint either', async (hint) => {
  expect((await typedRejection(add(new MapFilesystem(), hint as never))).code).toBe('INVALID_ARGUMENT');
});

test.each(THROWERS)('%s is an invalid argument', async (_, thrower) => {
  const error = await typedRejection(add(new MapFilesystem(), thrower() as never));
  expect(error.code).toBe('INVALID_ARGUMENT');
});

test.each([null, 1, 'x'])(
  'what is no object (%j) is refused as a hint, and the message says what one is',
  async (hint) => {
    const filesystem = new MapFilesystem();
    const error = await typedRejection(add(filesystem, hint as never));
    expect(error.message).toContain('hint must be a snapshot and its version, or neither');
    expect(filesystem.calls).toEqual([]);
  },
);
