import { HoldfastError, type Capabilities } from '@holdfast/core';
import { clock, invalidArgument } from '@holdfast/core/adapter';
import { SCENARIOS } from '../scenarios/catalog.ts';
import type { Harness } from '../harness.ts';
import type { Scenario } from '../scenario.ts';
import { bounded } from './bounded.ts';
import { CurrentRun } from './current-run.ts';
import type { Effort, RunNumbers } from './effort.ts';
import { parseHarness, parseOpened, parseStore } from './parse-harness.ts';
import { parseEffort } from './parse-options.ts';
import type { ContractReport, ScenarioReport } from './report.ts';
import { runScenarioAs, unhandledIn } from './run-scenario.ts';
import { tellFailure, tellOpposite } from './tell.ts';
import { versionsOf } from './versions.ts';

/** The options of {@link runContract}. */
export interface RunOptions {
  /** How hard to try; by default `'full'`. */
  readonly effort?: Effort;
  /** How long a call of a slow backend takes, in milliseconds: the storms are made as small as it has to have them. */
  readonly roundTripMs?: number;
  /** How long one scenario may take before it counts as hung, in milliseconds; by default what the effort says. */
  readonly scenarioTimeoutMs?: number;
  /** Where the random numbers of `model.*` begin; by default somewhere else in each run. Failures say where. */
  readonly seed?: number;
  /** Only the scenarios with these ids, or of these families. An id that does not exist is an error, and so is none. */
  readonly only?: readonly string[];
  /** Called after each scenario, in the order in which they run. */
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
  const { numbers, effort, roundTripMs, others } = parseEffort(options, ['only', 'onScenario']);
  const { onScenario } = others as Pick<RunOptions, 'onScenario'>;
  if (onScenario !== undefined && typeof onScenario !== 'function') {
    throw invalidArgument('onScenario', 'a function', onScenario);
  }
  const selected = selectScenarios(others.only);
  const capabilities = await bounded(claimsOf(harness), numbers.scenarioTimeoutMs, 'opening the first store');
  const ended: Ended[] = [];
  try {
    for (const scenario of selected) {
      const one = await runOne(harness, scenario, numbers, gaps.has(scenario.id));
      ended.push(one);
      onScenario?.(one.report);
    }
    await clock.nextTurn();
  } finally {
    for (const { run } of ended) run[Symbol.dispose]();
  }
  const scenarios = ended.map(withLateRejections);
  const counts = { passed: 0, refused: 0, 'known-gap': 0, failed: 0 };
  for (const { status } of scenarios) counts[status] += 1;
  return {
    harness: harness.name,
    versions: versionsOf(harness),
    effort,
    ...(roundTripMs === undefined ? {} : { roundTripMs }),
    capabilities,
    ok: counts.failed === 0,
    counts,
    scenarios,
  };
}

type How = Pick<ScenarioReport, 'status' | 'reason' | 'cause'>;

const PASSES_NOW: How = { status: 'failed', reason: 'this known gap passes now: take it off the list' };

/** A scenario that is over, and its run, from which a rejection may still come. */
interface Ended {
  readonly report: ScenarioReport;
  readonly run: CurrentRun;
}

/** What nobody handled fails the scenario that it came from, also when that looked passed before. */
function withLateRejections({ report, run }: Ended): ScenarioReport {
  const late = unhandledIn(run);
  if (late === undefined || report.status === 'failed' || report.status === 'known-gap') return report;
  return { ...report, status: 'failed', ...tellFailure(late, run.unmet) };
}

/** The scenarios with these ids or of these families; all without an argument. @throws HoldfastError `INVALID_ARGUMENT` */
function selectScenarios(only: unknown): readonly Scenario[] {
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

async function runOne(harness: Harness, scenario: Scenario, effort: RunNumbers, isGap: boolean): Promise<Ended> {
  const start = clock.now();
  const run = new CurrentRun();
  const how = await runScenarioAs(run, harness, scenario, effort).then(
    (): How => (isGap ? PASSES_NOW : { status: run.unmet.length === 0 ? 'passed' : 'refused' }),
    (error: unknown): How => ({ status: isGap ? 'known-gap' : 'failed', ...tellFailure(error, run.unmet) }),
  );
  const { id, title } = scenario;
  const durationMs = Math.round(clock.now() - start);
  return { run, report: { id, title, durationMs, ...tellOpposite(run.unmet), ...how } };
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
