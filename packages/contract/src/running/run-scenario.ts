import type { ContractStore, Harness } from '../harness.ts';
import { parseStore } from './parse-harness.ts';
import { claimsBehind, unmetNeeds, type Need } from '../needs.ts';
import { clock } from '@holdfast/core/adapter';
import type { Scenario } from '../scenario.ts';
import { ContractViolation } from '../support/check.ts';
import { inOneLine } from '../support/failure.ts';
import { bounded, Hung } from './bounded.ts';
import { CurrentRun } from './current-run.ts';
import type { RunNumbers } from './effort.ts';
import { ScenarioContext } from './scenario-context.ts';

/** How one run of one scenario ended without a failure. */
export interface ScenarioRun {
  /** The needs that the backend does not claim; where there are any, the opposite was run. */
  readonly unmet: readonly Need[];
}

/** How many times `scenarioTimeoutMs` a run may take: the scenario, the closing and the destroying are each bounded. */
export const BOUNDED_STEPS = 3;

/** How long a scenario that has run out of time may take to say how far it came, in milliseconds. */
const LAST_WORDS_MS = 3000;

/**
 * Runs one scenario on a fresh store, which is closed and destroyed whatever happens. What takes too long is told to
 * stop, and left behind. A rejection that nobody handles fails the scenario that it came from.
 *
 * @throws whatever broke the scenario; what broke while cleaning up only when nothing did before
 */
export async function runScenario(harness: Harness, scenario: Scenario, effort: RunNumbers): Promise<ScenarioRun> {
  using current = new CurrentRun();
  return await runScenarioAs(current, harness, scenario, effort);
}

/** The same as part of a run that its caller goes on watching. */
export async function runScenarioAs(
  current: CurrentRun,
  harness: Harness,
  scenario: Scenario,
  effort: RunNumbers,
): Promise<ScenarioRun> {
  const timeoutMs = effort.scenarioTimeoutMs;
  const cleanUps: (() => Promise<void>)[] = [];
  const run = async (): Promise<ScenarioRun> => {
    const store = await storeFor(current, harness);
    cleanUps.unshift(() => store.destroy());
    const context = await ScenarioContext.create(harness, store, effort, current);
    cleanUps.unshift(() => context.closeAll());
    const unmet = unmetNeeds(scenario.needs, context.claims);
    current.unmet = unmet;
    if (unmet.length === 0) current.claimed = claimsBehind(scenario.needs, context.claims);
    const body = unmet.length === 0 ? scenario.run : scenario.unclaimed;
    if (body === undefined) throw new Error(`scenario ${scenario.id} has needs but no opposite`);
    await body(context);
    return { unmet };
  };

  const failures: unknown[] = [];
  const fail = (error: unknown): undefined => void failures.push(error);
  const ended = await current.around(async () => {
    const result = await bounded(run(), timeoutMs, 'the scenario').catch(async (error: unknown) =>
      fail(error instanceof Hung ? await abandoned(current, error) : error),
    );
    for (const cleanUp of cleanUps) await bounded(cleanUp(), timeoutMs, 'closing').catch(fail);
    // Node tells of a rejection that nobody handled when everything that was ready has run.
    await clock.nextTurn();
    return result;
  });
  const [failure = unhandledIn(current)] = failures;
  if (failure !== undefined) throw failure;
  return ended as ScenarioRun;
}

/** What is wrong with a run in which rejections were not handled; `undefined` where all were. */
export function unhandledIn({ unhandled }: CurrentRun): ContractViolation | undefined {
  if (unhandled.length === 0) return undefined;
  const [cause] = unhandled;
  return new ContractViolation(
    `expected somebody to handle every rejection; nobody did this one: ${inOneLine(cause)}`,
    {
      cause,
    },
  );
}

async function storeFor({ signal }: CurrentRun, harness: Harness): Promise<ContractStore> {
  const store = parseStore(await harness.createStore());
  if (!signal.aborted) return store;
  await store.destroy();
  throw signal.reason;
}

/** What is to be said of a scenario that took too long: how far it came, and the rejection that may be the reason. */
async function abandoned(current: CurrentRun, { message }: Hung): Promise<ContractViolation> {
  const lastWords = await bounded(current.abandon(), LAST_WORDS_MS, 'its last words').catch(() => undefined);
  const all = lastWords === undefined ? message : `${message}; ${lastWords}`;
  return new ContractViolation(all, { cause: unhandledIn(current) });
}
