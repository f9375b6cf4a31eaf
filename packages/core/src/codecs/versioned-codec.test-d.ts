// What the compiler must infer and refuse; nothing here ever runs.
import * as v from 'valibot';
import { z } from 'zod';
import type { Equal, Expect } from '../../test/support/types.ts';
import { jsonCodec } from './json-codec.ts';
import type { RecordCodec } from './record-codec.ts';
import { versionedCodec } from './versioned-codec.ts';

interface TurnV1 {
  readonly steps: number;
}
interface TurnV2 {
  readonly steps: number;
  readonly done: boolean;
}
interface TurnV3 {
  readonly steps: readonly string[];
  readonly done: boolean;
}

const [one, two, three] = [
  jsonCodec<TurnV1>({ kind: 'turn' }),
  jsonCodec<TurnV2>({ kind: 'turn' }),
  jsonCodec<TurnV3>({ kind: 'turn' }),
];
declare const declared: (older: TurnV2) => TurnV3;

const first = versionedCodec(one);
const second = versionedCodec(one, {
  codec: two,
  up: (turn) => {
    type Given = Expect<Equal<typeof turn, TurnV1>>;
    return { ...turn, done: false } satisfies TurnV2 & { readonly given?: Given };
  },
});
const third = versionedCodec(
  one,
  { codec: two, up: async (turn) => ({ ...turn, done: false }) },
  {
    codec: three,
    up: ({ steps, done }) => {
      type Given = [Expect<Equal<typeof steps, number>>, Expect<Equal<typeof done, boolean>>];
      return { steps: Array.from({ length: steps }, String), done } satisfies TurnV3 & { readonly given?: Given };
    },
  },
);
const ofDeclared = versionedCodec(
  one,
  { codec: two, up: (turn) => ({ ...turn, done: true }) },
  { codec: three, up: declared },
);
const ofSchemas = versionedCodec(
  jsonCodec({ kind: 'turn', schema: v.object({ steps: v.number() }) }),
  {
    codec: jsonCodec({ kind: 'turn', schema: z.object({ steps: z.number(), note: z.string().optional() }) }),
    up: ({ steps }) => ({ steps }),
  },
  { codec: jsonCodec({ kind: 'turn', schema: z.object({ left: z.number() }) }), up: ({ steps }) => ({ left: -steps }) },
);

/** A codec of the newest format. */
export type Inferred = [
  Expect<Equal<typeof first, RecordCodec<TurnV1>>>,
  Expect<Equal<typeof second, RecordCodec<TurnV2>>>,
  Expect<Equal<typeof third, RecordCodec<TurnV3>>>,
  Expect<Equal<typeof ofDeclared, RecordCodec<TurnV3>>>,
  Expect<Equal<typeof ofSchemas, RecordCodec<{ left: number }>>>,
];

/** Steps that do not follow one another. */
export const refused: readonly unknown[] = [
  // @ts-expect-error -- no format at all
  () => versionedCodec(),
  // @ts-expect-error -- not what the format has
  () => versionedCodec(one, { codec: two, up: (turn) => turn }),
  // @ts-expect-error -- nor later
  () => versionedCodec(one, { codec: two, up: async (turn) => turn }),
  // @ts-expect-error -- a format is left out
  () => versionedCodec(one, { codec: three, up: declared }),
  // @ts-expect-error -- what the format before does not have
  () => versionedCodec(one, { codec: two, up: (turn) => ({ ...turn, done: Boolean(turn.finished) }) }),
  // @ts-expect-error -- a later format without a way to it
  () => versionedCodec(one, { codec: two }),
  // @ts-expect-error -- a misspelt key
  () => versionedCodec(one, { codec: two, up: (turn) => ({ ...turn, done: true }), down: declared }),
];
