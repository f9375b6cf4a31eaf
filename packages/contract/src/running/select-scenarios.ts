import { HoldfastError } from '@holdfast/core';
import { invalidArgument } from '@holdfast/core/adapter';
import { SCENARIOS } from '../scenarios/catalog.ts';
import type { Scenario } from '../scenario.ts';

/** The scenarios with these ids or of these families; all without an argument. @throws HoldfastError `INVALID_ARGUMENT` */
export function selectScenarios(only: unknown): readonly Scenario[] {
  if (only === undefined) return SCENARIOS;
  if (!Array.isArray(only)) throw invalidArgument('only', 'an array of ids and families of scenarios', only);
  if (only.length === 0) throw invalidArgument('only', 'at least one id or family: nothing selected is no pass', only);
  const selected = new Set<Scenario>();
  for (const wanted of only as readonly unknown[]) {
    if (typeof wanted !== 'string') throw invalidArgument('each of only', 'the id or the family of scenarios', wanted);
    const found = SCENARIOS.filter(({ id }) => id === wanted || id.startsWith(`${wanted}.`));
    if (found.length === 0) {
      throw new HoldfastError('INVALID_ARGUMENT', `no scenario and no family is called ${wanted}`);
    }
    for (const scenario of found) selected.add(scenario);
  }
  return [...selected];
}
