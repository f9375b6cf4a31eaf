import type { Capabilities } from '@holdfast/core';
import type { EffortNumbers } from '../running/effort.ts';
import type { RacerCall } from './duels.ts';

/** What a store may handle on a way of its own, so that what one race shows it shows for no other. */
export interface RaceShape {
  /** What is raced over, for people. */
  readonly name: string;
  /** Below what the paths are. */
  readonly directory: string;
  /** What happened there before. */
  readonly start: 'never written' | 'written' | 'deleted' | 'written again';
  /** The body that stands for a value. */
  readonly bodyOf: (value: string) => Uint8Array;
  /** Whether some racers put records, and projections with them. */
  readonly records: boolean;
  readonly indexed: boolean;
  readonly racers: number;
  readonly instances: number;
  /** How many paths are raced for at once. */
  readonly paths: number;
  /** What is raced, where not everything is. */
  readonly only?: readonly RacerCall[];
}

/** More than what a page, a packet or a chunk of most stores takes, in bytes; racers have one or another of them. */
const LARGE = [70_000, 140_000, 140_000, 300_000];

/** How long bodies are that are all the same, in bytes: more than a row or a page of some stores takes. */
const EQUAL = 10_000;

// One call for all, since so many racers cost enough.
const ALONE: readonly RacerCall[] = ['put version', 'put absent', 'delete version', 'delete any'];

const encoder = new TextEncoder();

const plain = (value: string): Uint8Array => encoder.encode(value);

// A capital, since who locks may fold what others do not.
const USUAL = { directory: '/Shape', start: 'written', bodyOf: plain, instances: 4, paths: 1 } as const;

/** The shapes that a backend can be given. `full` is all of them, else those that need few calls. */
export function shapesFor(
  claims: Capabilities,
  { racers, crowd, instances, paths }: EffortNumbers['race'],
  which: 'all' | 'small',
): readonly RaceShape[] {
  // Room for a race between a few; the crowd comes below.
  const few = Math.min(racers, 8);
  const { records, indexed } = claims;
  const usual = { ...USUAL, records, indexed, racers: few };
  const versioned = claims.cas === 'versioned';
  // All the way another one for each racer, so that a mixture is told from each of them.
  const large = (value: string): Uint8Array => {
    const own = plain(value);
    const mark = own.at(-1) as number;
    const length = Math.min(LARGE[mark % LARGE.length] as number, claims.maxBodyBytes);
    const body = new Uint8Array(Math.max(length, own.length)).fill(mark);
    body.set(own);
    return body;
  };
  const small: RaceShape[] = [
    { ...usual, name: 'an entry' },
    // What comes together through one may be done together.
    { ...usual, name: 'an entry, through one instance', instances: 1 },
    { ...usual, name: 'a path that was never written', start: 'never written' },
    { ...usual, name: 'a path that was deleted', start: 'deleted' },
    { ...usual, name: 'a path that was deleted and written again', start: 'written again' },
    { ...usual, name: 'large bodies', bodyOf: large },
    { ...usual, name: 'a deep path', directory: `/Shape${'/deep'.repeat(100)}` },
  ];
  const equal = new Uint8Array(Math.min(EQUAL, claims.maxBodyBytes));
  // Without versions nothing tells equal bytes apart.
  if (versioned) small.push({ ...usual, name: 'equal bytes', bodyOf: () => equal });
  if (which === 'small') return small;
  return [
    ...small,
    // Through one instance, since each has a pool and a queue of its own.
    { ...usual, name: `${crowd} racers`, racers: crowd, instances: 1, only: ALONE },
    { ...usual, name: `${instances} instances`, racers: instances, instances, only: ALONE },
    { ...usual, name: `${paths} paths at once`, racers: 2, paths, only: versioned ? ['put version'] : ['delete any'] },
  ];
}
