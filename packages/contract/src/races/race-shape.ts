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
  readonly racers: number;
  readonly instances: number;
  /** How many paths are raced for at once. */
  readonly paths: number;
  /** What is raced, where not everything is. */
  readonly only?: readonly RacerCall[];
}

/** More than what a page, a packet or a chunk of most stores takes, in bytes. */
const LARGE = 140_000;

// One call for all, since so many racers cost enough.
const ALONE: readonly RacerCall[] = ['put version', 'put absent', 'delete version', 'delete any'];

const encoder = new TextEncoder();

const plain = (value: string): Uint8Array => encoder.encode(value);

/** The shapes that a backend can be given. `full` is all of them, else those that need few calls. */
export function shapesFor(
  claims: Capabilities,
  { racers, crowd, instances, paths }: EffortNumbers['race'],
  which: 'all' | 'small',
): readonly RaceShape[] {
  // Room for a race between a few; the crowd comes below.
  const few = Math.min(racers, 8);
  const usual = { directory: '/shape', start: 'written', bodyOf: plain, racers: few, instances: 4, paths: 1 } as const;
  const versioned = claims.cas === 'versioned';
  const longest = Math.min(LARGE, claims.maxBodyBytes);
  // All the way another one for each racer, so that a mixture is told from each of them.
  const large = (value: string): Uint8Array => {
    const own = plain(value);
    const body = new Uint8Array(Math.max(longest, own.length)).fill(own.at(-1) as number);
    body.set(own);
    return body;
  };
  const small: RaceShape[] = [
    { ...usual, name: 'an entry' },
    { ...usual, name: 'a path that was never written', start: 'never written' },
    { ...usual, name: 'a path that was deleted', start: 'deleted' },
    { ...usual, name: 'a path that was deleted and written again', start: 'written again' },
    { ...usual, name: 'large bodies', bodyOf: large },
    { ...usual, name: 'a deep path', directory: `/shape${'/deep'.repeat(100)}` },
  ];
  // Without versions nothing tells equal bytes apart.
  if (versioned) small.push({ ...usual, name: 'equal bytes', bodyOf: () => plain('same') });
  if (which === 'small') return small;
  return [
    ...small,
    { ...usual, name: `${crowd} racers`, racers: crowd, only: ALONE },
    { ...usual, name: `${instances} instances`, racers: instances, instances, only: ALONE },
    { ...usual, name: `${paths} paths at once`, racers: 2, paths, only: versioned ? ['put version'] : ['delete any'] },
  ];
}
