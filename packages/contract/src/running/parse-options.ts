import { invalidArgument, checkInteger, readOptions } from '@holdfast/core/adapter';
import { MAX_TIMEOUT_MS } from '@holdfast/core';
import { EFFORT, effortNumbers, type Effort, type EffortNumbers } from './effort.ts';

/**
 * Checks the options that every way of running the suite takes, and reads the others, whose names are `known`.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseEffort<K extends string>(
  value: unknown,
  known: readonly K[],
): { readonly numbers: EffortNumbers; readonly others: { readonly [Key in K]?: unknown } } {
  const given = readOptions<K | 'effort' | 'scenarioTimeoutMs'>('options', value, [
    'effort',
    'scenarioTimeoutMs',
    ...known,
  ]) as { readonly [Key in K]?: unknown } & { readonly effort?: unknown; readonly scenarioTimeoutMs?: unknown };
  const { effort = 'full', scenarioTimeoutMs } = given;
  const efforts = Object.keys(EFFORT);
  if (typeof effort !== 'string' || !efforts.includes(effort)) {
    throw invalidArgument('effort', `one of ${efforts.join(', ')}`, effort);
  }
  const numbers = effortNumbers(effort as Effort);
  const bounds = { min: 1, max: MAX_TIMEOUT_MS, fallback: numbers.scenarioTimeoutMs };
  const timeoutMs = checkInteger('scenarioTimeoutMs', scenarioTimeoutMs, bounds);
  return { numbers: { ...numbers, scenarioTimeoutMs: timeoutMs }, others: given };
}
