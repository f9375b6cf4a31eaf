import { invalidArgument, checkInteger, readOptions } from '@holdfast/core/adapter';
import { MAX_TIMEOUT_MS } from '@holdfast/core';
import { newSeed } from '../support/random.ts';
import { EFFORT, type Effort, type RunNumbers } from './effort.ts';

/** The largest seed, as large as what fast-check takes. */
const MAX_SEED = 2 ** 31 - 1;

/** The options that every way of running the suite takes. */
const OURS = ['effort', 'scenarioTimeoutMs', 'seed'] as const;

type Given<K extends string> = { readonly [Key in K | (typeof OURS)[number]]?: unknown };

/**
 * Checks the options that every way of running the suite takes, and reads the others, whose names are `known`.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseEffort<K extends string>(
  value: unknown,
  known: readonly K[],
): { readonly numbers: RunNumbers; readonly others: { readonly [Key in K]?: unknown } } {
  const given: Given<K> = readOptions<K | (typeof OURS)[number]>('options', value, [...OURS, ...known]);
  const { effort = 'full', scenarioTimeoutMs, seed } = given as Given<never>;
  const efforts = Object.keys(EFFORT);
  if (typeof effort !== 'string' || !efforts.includes(effort)) {
    throw invalidArgument('effort', `one of ${efforts.join(', ')}`, effort);
  }
  const numbers = EFFORT[effort as Effort];
  const timeouts = { min: 1, max: MAX_TIMEOUT_MS, fallback: numbers.scenarioTimeoutMs };
  return {
    numbers: {
      ...numbers,
      scenarioTimeoutMs: checkInteger('scenarioTimeoutMs', scenarioTimeoutMs, timeouts),
      seed: seed === undefined ? newSeed() : checkInteger('seed', seed, { min: 0, max: MAX_SEED, fallback: 0 }),
    },
    others: given,
  };
}
