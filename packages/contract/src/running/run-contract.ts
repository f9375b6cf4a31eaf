import { HoldfastError, type Capabilities } from '@holdfast/core';
import { clock, invalidArgument, isError } from '@holdfast/core/adapter';
import { SCENARIOS } from '../scenarios/catalog.ts';
import type { Harness } from '../harness.ts';
import type { Scenario } from '../scenario.ts';
import { bounded } from './bounded.ts';
import type { Effort, RunNumbers } from './effort.ts';
import { parseHarness, parseOpened, parseStore } from './parse-harness.ts';
import { parseEffort } from './parse-options.ts';
import type { ContractReport, ScenarioReport, ScenarioStatus } from './report.ts';
import { runScenario } from './run-scenario.ts';

/** The options of {@link runContract}. */
export interface RunOptions {
  /** How hard to try; by default `'full'`. */
  readonly effort?: Effort;
  /** How long one scenario may take before it counts as hung, in milliseconds; by default what the effort says. */
  readonly scenarioTimeoutMs?: number;
  /** Where the random numbers of `model.*` begin; by default somewhere else in each run. Failures say where. */
  readonly seed?: number;
  /** Only the scenarios with these ids, or of these families. An id that does not exist is an error. */
  readonly only?: readonly string[];
  /** Called after each scenario. */
  readonly onScenario?: (report: ScenarioReport) => void;
}

/**
 * Runs the suite without a test framework, one scenario after the other, and reports. It does not reject when
 * a scenario fails.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` when an argument is malformed, or when `only` or `knownGaps` names no scenario;
 * ContractViolation when not even a store can be opened within the time that a scenario may take; whatever keeps it from
 * being opened
 */
export async function runContract(harness: Harness, options: RunOptions = {}): Promise<ContractReport> {
  const { gaps } = parseHarness(harness, SCENARIOS);
  const { numbers, others } = parseEffort(options, ['only', 'onScenario']);
  const { onScenario } = others as Pick<RunOptions, 'onScenario'>;
  if (onScenario !== undefined && typeof onScenario !== 'function') {
    throw invalidArgument('onScenario', 'a function', onScenario);
  }
  const selected = selectScenarios(others.only);
  const capabilities = await bounded(claimsOf(harness), numbers.scenarioTimeoutMs, 'opening the first store');
  const scenarios: ScenarioReport[] = [];
  for (const scenario of selected) {
    const report = await runOne(harness, scenario, numbers, gaps.has(scenario.id));
    scenarios.push(report);
    onScenario?.(report);
  }
  const counts = { passed: 0, refused: 0, 'known-gap': 0, failed: 0 };
  for (const { status } of scenarios) counts[status] += 1;
  return { harness: harness.name, capabilities, ok: counts.failed === 0, counts, scenarios };
}

/** The scenarios with these ids or of these families; all without an argument. @throws HoldfastError `INVALID_ARGUMENT` */
function selectScenarios(only: unknown): readonly Scenario[] {
  if (only === undefined) return SCENARIOS;
  if (!Array.isArray(only)) throw invalidArgument('only', 'an array of ids and families of scenarios', only);
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

async function runOne(
  harness: Harness,
  scenario: Scenario,
  effort: RunNumbers,
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
  const store = parseStore(await harness.createStore());
  try {
    await using filesystem = parseOpened(await store.open());
    return filesystem.capabilitiesAt('/contract');
  } finally {
    await store.destroy();
  }
}
