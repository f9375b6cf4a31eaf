import { SCENARIOS, unmetNeeds, type Need } from '@holdfast/contract';
import type { Capabilities } from '@holdfast/core';

const WORDS: { readonly [N in Need]: string } = {
  versioned: 'versioned compare-and-swap',
  create: 'conditional creation',
  records: 'records',
  indexed: 'indexed projections',
  contentTypes: 'content types',
  conditionalDelete: 'conditional deletes',
  prefixPaths: 'entries below entries',
  durable: 'durability',
  shared: 'several instances on one store',
  processes: 'several processes on one store',
  commits: 'atomic commits',
};

/** What a scenario needs and a backend does not claim. @throws Error when there is no such scenario */
export function notClaimed(scenarioId: string, capabilities: Capabilities): Need[] {
  const scenario = SCENARIOS.find(({ id }) => id === scenarioId);
  if (scenario === undefined) throw new Error(`no scenario is called ${scenarioId}`);
  return unmetNeeds(scenario.needs, capabilities);
}

/** Needs in words. */
export function needWords(needs: readonly Need[]): string[] {
  return needs.map((need) => WORDS[need]);
}
