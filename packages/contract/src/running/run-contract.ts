import type { Capabilities } from '@holdfast/core';
import { clock, isError } from '@holdfast/core/adapter';
import { SCENARIOS } from '../scenarios/catalog.ts';
import type { Harness } from '../harness.ts';
import type { Scenario } from '../scenario.ts';
import { bounded } from './bounded.ts';
import { effortNumbers, type Effort, type EffortNumbers } from './effort.ts';
import { knownGapsOf } from './known-gaps.ts';
import type { ContractReport, ScenarioReport, ScenarioStatus } from './report.ts';
import { runScenario } from './run-scenario.ts';

/** The options of {@link runContract}. */
export interface RunOptions {
  /** How hard to try; by default `'full'`. */
  readonly effort?: Effort;
  /** How long one scenario may take before it counts as hung, in milliseconds; by default what the effort says. */
  readonly scenarioTimeoutMs?: number;
  /** Only the scenarios with these ids, or of these families. An id that does not exist is an error. */
  readonly only?: readonly string[];
  /** Called after each scenario. */
  readonly onScenario?: (report: ScenarioReport) => void;
}

/**
 * Runs the suite without a test framework, one scenario after the other, and reports. It does not reject when
 * a scenario fails.
 *
 * @throws Error when `only` or `knownGaps` names no scenario, or when not even a store can be opened
 * within the time that a scenario may take
 */
export async function runContract(harness: Harness, options: RunOptions = {}): Promise<ContractReport> {
  const { effort = 'full', onScenario } = options;
  const numbers = effortNumbers(effort, options.scenarioTimeoutMs);
  const gaps = knownGapsOf(harness, SCENARIOS);
  const capabilities = await bounded(claimsOf(harness), numbers.scenarioTimeoutMs, 'opening the first store');
  const scenarios: ScenarioReport[] = [];
  for (const scenario of selectScenarios(options.only)) {
    const report = await runOne(harness, scenario, numbers, gaps.has(scenario.id));
    scenarios.push(report);
    onScenario?.(report);
  }
  const counts = { passed: 0, refused: 0, 'known-gap': 0, failed: 0 };
  for (const { status } of scenarios) counts[status] += 1;
  return { harness: harness.name, capabilities, ok: counts.failed === 0, counts, scenarios };
}

/** The scenarios with these ids or of these families; all without an argument. @throws Error for an unknown one */
function selectScenarios(only: readonly string[] | undefined): readonly Scenario[] {
  if (only === undefined) return SCENARIOS;
  const selected = new Set<Scenario>();
  for (const wanted of only) {
    const found = SCENARIOS.filter(({ id }) => id === wanted || id.startsWith(`${wanted}.`));
    if (found.length === 0) throw new Error(`no scenario and no family is called ${wanted}`);
    for (const scenario of found) selected.add(scenario);
  }
  return [...selected];
}

async function runOne(
  harness: Harness,
  scenario: Scenario,
  effort: EffortNumbers,
  isGap: boolean,
): Promise<ScenarioReport> {
  const start = clock.now();
  let status: ScenarioStatus;
  let reason: string | undefined;
  try {
    const { unmet } = await runScenario(harness, scenario, effort);
    status = unmet.length === 0 ? 'passed' : 'refused';
    if (isGap) {
      status = 'failed';
      reason = 'this known gap passes now: take it off the list';
    }
  } catch (error) {
    status = isGap ? 'known-gap' : 'failed';
    reason = isError(error) ? `${error.name}: ${error.message}` : String(error);
  }
  const durationMs = Math.round(clock.now() - start);
  const { id, title } = scenario;
  return { id, title, status, durationMs, ...(reason === undefined ? {} : { reason }) };
}

async function claimsOf(harness: Harness): Promise<Capabilities> {
  const store = await harness.createStore();
  try {
    await using filesystem = await store.open();
    return filesystem.capabilitiesAt('/contract');
  } finally {
    await store.destroy();
  }
}
