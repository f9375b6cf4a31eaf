import type { Capabilities } from '@holdfast/core';
import { unmetNeeds, type Need } from '../needs.ts';

/** One call of a racer: what it does, and on what condition. */
export type RacerCall = 'put any' | 'put absent' | 'put version' | 'put stale' | 'delete any' | 'delete version';

const NEEDS: { readonly [C in RacerCall]: readonly Need[] } = {
  'put any': [],
  'put absent': ['create'],
  'put version': ['versioned'],
  'put stale': ['versioned'],
  'delete any': [],
  'delete version': ['conditionalDelete'],
};

const DUELS: readonly (readonly RacerCall[])[] = [
  ['put version'],
  ['put absent'],
  ['delete version'],
  ['delete any'],
  ['put version', 'put stale'],
  ['put version', 'put any'],
  ['put version', 'delete any'],
  ['put version', 'delete version'],
  ['put absent', 'put any'],
  ['put absent', 'delete any'],
  ['delete version', 'put absent'],
  ['put any', 'delete any'],
  ['put any', 'delete version'],
  ['delete any', 'delete version'],
  ['put any', 'put absent', 'put version', 'delete any', 'delete version', 'put stale'],
];

/** What racers do against each other, of all that a backend claims: one call each, in turns. */
export function duelsFor(claims: Capabilities): readonly (readonly RacerCall[])[] {
  return DUELS.filter(
    (duel) =>
      unmetNeeds(
        duel.flatMap((call) => NEEDS[call]),
        claims,
      ).length === 0,
  );
}
