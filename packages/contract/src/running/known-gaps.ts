import type { Harness } from '../harness.ts';
import type { Scenario } from '../scenario.ts';

/** The known gaps of a harness. @throws Error when one of them names no scenario */
export function knownGapsOf(harness: Harness, scenarios: readonly Scenario[]): ReadonlySet<string> {
  const gaps = new Set(harness.knownGaps ?? []);
  for (const gap of gaps) {
    if (!scenarios.some(({ id }) => id === gap)) throw new Error(`knownGaps names no scenario: ${gap}`);
  }
  return gaps;
}
