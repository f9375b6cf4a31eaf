import type { Capabilities } from '@holdfast/core';
import { clock, invalidArgument } from '@holdfast/core/adapter';
import { SCENARIOS } from '../scenarios/catalog.ts';
import type { Harness } from '../harness.ts';
import type { Scenario } from '../scenario.ts';
import { ContractViolation } from '../support/check.ts';
import { failureOf } from '../support/failure.ts';
import { bounded } from './bounded.ts';
import { CurrentRun } from './current-run.ts';
import type { ContractOptions } from './define-contract.ts';
import type { RunNumbers } from './effort.ts';
import { parseHarness, parseOpened, parseStore } from './parse-harness.ts';
import { parseEffort } from './parse-options.ts';
import type { ContractReport, ScenarioReport } from './report.ts';
import { runScenarioAs, unhandledIn } from './run-scenario.ts';
import { selectScenarios } from './select-scenarios.ts';
import { tellFailure, tellOpposite } from './tell.ts';
import { versionsOf } from './versions.ts';

/** The options of {@link runContract}. */
export interface RunOptions extends ContractOptions {
  /** Called after each scenario, in the order in which they run. */
  readonly onScenario?: (report: ScenarioReport) => void;
}

/**
 * Runs the suite without a test framework, one scenario after the other, and reports. It does not reject when
 * a scenario fails.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` when an argument is malformed, or when `only` or `knownGaps` names no scenario;
 * ContractViolation when not even a store can be opened, or not within the time that a scenario may take, its `cause` what is
 * at the bottom of that; what keeps it from being opened, where that is no more than itself
 */
export async function runContract(harness: Harness, options: RunOptions = {}): Promise<ContractReport> {
  const { gaps } = parseHarness(harness, SCENARIOS);
  const { numbers, effort, roundTripMs, only, others } = parseEffort(options, ['onScenario']);
  const { onScenario } = others as Pick<RunOptions, 'onScenario'>;
  if (onScenario !== undefined && typeof onScenario !== 'function') {
    throw invalidArgument('onScenario', 'a function', onScenario);
  }
  const selected = selectScenarios(only);
  const capabilities = await firstClaims(harness, numbers.scenarioTimeoutMs);
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
  return { ...report, status: 'failed', ...tellFailure(late, run) };
}

async function runOne(harness: Harness, scenario: Scenario, effort: RunNumbers, isGap: boolean): Promise<Ended> {
  const start = clock.now();
  const run = new CurrentRun();
  const how = await runScenarioAs(run, harness, scenario, effort).then(
    (): How => (isGap ? PASSES_NOW : { status: run.unmet.length === 0 ? 'passed' : 'refused' }),
    (error: unknown): How => ({ status: isGap ? 'known-gap' : 'failed', ...tellFailure(error, run) }),
  );
  const { id, title } = scenario;
  const durationMs = Math.round(clock.now() - start);
  return { run, report: { id, title, durationMs, ...tellOpposite(run.unmet), ...how } };
}

/** Opens the first store. What keeps it from being opened is told with what is at the bottom of it. */
async function firstClaims(harness: Harness, timeoutMs: number): Promise<Capabilities> {
  try {
    return await bounded(claimsOf(harness), timeoutMs, 'opening the first store');
  } catch (error) {
    const { reason, deepest } = failureOf(error);
    if (deepest === error) throw error;
    throw new ContractViolation(`the first store cannot be opened: ${reason}`, { cause: deepest });
  }
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
