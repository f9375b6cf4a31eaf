import type { Harness } from '../harness.ts';
import { parseStore } from './parse-harness.ts';
import { unmetNeeds, type Need } from '../needs.ts';
import type { Scenario } from '../scenario.ts';
import { bounded } from './bounded.ts';
import type { RunNumbers } from './effort.ts';
import { ScenarioContext } from './scenario-context.ts';

/** How one run of one scenario ended without a failure. */
export interface ScenarioRun {
  /** The needs that the backend does not claim; where there are any, the opposite was run. */
  readonly unmet: readonly Need[];
}

/** How many times `scenarioTimeoutMs` a run may take: the scenario, the closing and the destroying are each bounded. */
export const BOUNDED_STEPS = 3;

/**
 * Runs one scenario on a fresh store, which is closed and destroyed whatever happens. What hangs is left behind.
 *
 * @throws whatever broke the scenario; what broke while cleaning up only when nothing did before
 */
export async function runScenario(harness: Harness, scenario: Scenario, effort: RunNumbers): Promise<ScenarioRun> {
  const timeoutMs = effort.scenarioTimeoutMs;
  const cleanUps: (() => Promise<void>)[] = [];
  const run = async (): Promise<ScenarioRun> => {
    const store = parseStore(await harness.createStore());
    cleanUps.unshift(() => store.destroy());
    const context = await ScenarioContext.create(harness, store, effort);
    cleanUps.unshift(() => context.closeAll());
    const unmet = unmetNeeds(scenario.needs, context.claims);
    const body = unmet.length === 0 ? scenario.run : scenario.unclaimed;
    if (body === undefined) throw new Error(`scenario ${scenario.id} has needs but no opposite`);
    await body(context);
    return { unmet };
  };

  const failures: unknown[] = [];
  const fail = (error: unknown): undefined => void failures.push(error);
  const ended = await bounded(run(), timeoutMs, 'the scenario').catch(fail);
  for (const cleanUp of cleanUps) await bounded(cleanUp(), timeoutMs, 'closing').catch(fail);
  if (failures.length > 0) throw failures[0];
  return ended as ScenarioRun;
}
