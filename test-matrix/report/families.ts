import { SCENARIOS, type Family, type ScenarioStatus } from '@holdfast/contract';
import type { Counts, FamilyReport, MatrixScenario } from './matrix-report.ts';

/** What each family of scenarios asks, in words. */
export const FAMILY_WORDS: { readonly [F in Family]: string } = {
  gate: 'Is what is not promised refused before anything happens?',
  expectation: 'Does every precondition of a write hold, in both directions?',
  version: 'Is every version new, and none ever used again?',
  hostile: 'Is nonsense refused instead of taken for “unconditional”?',
  bytes: 'Do bodies come back byte for byte, copied and not shared?',
  'get-many': 'Do entries that are asked for together come each in its place?',
  path: 'Do odd names work, and are bad ones refused?',
  list: 'Is a directory listed in order, page by page, while it changes?',
  entries: 'Does an iteration see everything below a prefix, in order?',
  race: 'Has a race for one version exactly one winner?',
  cas: 'Does casUpdate lose nothing, whatever happens in between?',
  commit: 'Are several changes all there or none, whatever comes in between?',
  abort: 'Can the caller leave at any time and know what happened?',
  close: 'Does a closed instance refuse, and do calls in flight end?',
  open: 'Do instances that are opened at the same time meet in one store?',
  deadline: 'Does a call that hangs end when its time is up?',
  reply: 'Is a lost reply resolved, or else said to be unknown?',
  error: 'Is every error typed, with nothing confidential in it?',
  durability: 'Is what was acknowledged there after a reopen or a crash?',
  process: 'Do separate processes share a store safely?',
  model: 'Random operations against a model',
};

/** Every family that has scenarios, in the order in which they run. */
export const FAMILIES: readonly Family[] = [...new Set(SCENARIOS.map(({ id }) => familyOf(id)))];

/** The family of a scenario, which is the first part of its id. */
export function familyOf(id: string): Family {
  return id.slice(0, id.indexOf('.')) as Family;
}

/** Sums scenarios up by family, in the order in which the families first occur. */
export function byFamily(scenarios: readonly MatrixScenario[]): FamilyReport[] {
  const groups = Map.groupBy(scenarios, ({ family }) => family);
  return Array.from(groups, ([family, members]) => ({
    family,
    counts: countStatuses(members),
    durationMs: members.reduce((sum, { durationMs }) => sum + durationMs, 0),
  }));
}

/** How many of some scenarios ended how. */
export function countStatuses(scenarios: readonly { readonly status: ScenarioStatus }[]): Counts {
  const counts = { passed: 0, refused: 0, 'known-gap': 0, failed: 0 };
  for (const { status } of scenarios) counts[status] += 1;
  return counts;
}
