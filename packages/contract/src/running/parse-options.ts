import { invalidArgument, checkInteger, readOptions } from '@holdfast/core/adapter';
import { MAX_TIMEOUT_MS } from '@holdfast/core';
import { MAX_SEED, newSeed } from '../support/random.ts';
import { forSlow } from './for-slow.ts';
import { EFFORT, type Effort, type RunNumbers } from './effort.ts';

/** The options that every way of running the suite takes. */
const OURS = ['effort', 'roundTripMs', 'scenarioTimeoutMs', 'seed', 'only'] as const;

/** The slowest call that a run can be made for, in milliseconds: four writers still have time for an attempt each. */
const MOST_ROUND_TRIP_MS = 1000;

/** What every way of running the suite goes by. */
export interface ParsedEffort<K extends string> {
  readonly effort: Effort;
  readonly roundTripMs: number | undefined;
  readonly numbers: RunNumbers;
  /** As it was given. */
  readonly only: unknown;
  readonly others: { readonly [Key in K]?: unknown };
}

type Given<K extends string> = { readonly [Key in K | (typeof OURS)[number]]?: unknown };

/**
 * Checks the options that every way of running the suite takes, and reads the others, whose names are `known`.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseEffort<K extends string>(value: unknown, known: readonly K[]): ParsedEffort<K> {
  const given: Given<K> = readOptions<K | (typeof OURS)[number]>('options', value, [...OURS, ...known]);
  const { effort = 'full', roundTripMs, scenarioTimeoutMs, seed, only } = given as Given<never>;
  const efforts = Object.keys(EFFORT);
  if (typeof effort !== 'string' || !efforts.includes(effort)) {
    throw invalidArgument('effort', `one of ${efforts.join(', ')}`, effort);
  }
  const slow =
    roundTripMs === undefined
      ? undefined
      : checkInteger('roundTripMs', roundTripMs, { min: 1, max: MOST_ROUND_TRIP_MS, fallback: 1 });
  const numbers = slow === undefined ? EFFORT[effort as Effort] : forSlow(EFFORT[effort as Effort], slow);
  const timeouts = { min: 1, max: MAX_TIMEOUT_MS, fallback: numbers.scenarioTimeoutMs };
  return {
    effort: effort as Effort,
    roundTripMs: slow,
    numbers: {
      ...numbers,
      scenarioTimeoutMs: checkInteger('scenarioTimeoutMs', scenarioTimeoutMs, timeouts),
      seed: seed === undefined ? newSeed() : checkInteger('seed', seed, { min: 0, max: MAX_SEED, fallback: 0 }),
    },
    only,
    others: given,
  };
}
