import { invalidArgument } from '@holdfast/core/adapter';
import { SCENARIOS } from '../scenarios/catalog.ts';
import type { Harness } from '../harness.ts';
import { ContractViolation } from '../support/check.ts';
import { failureOf } from '../support/failure.ts';
import { CurrentRun } from './current-run.ts';
import type { Effort } from './effort.ts';
import { parseHarness } from './parse-harness.ts';
import { parseEffort } from './parse-options.ts';
import { BOUNDED_STEPS, runScenarioAs } from './run-scenario.ts';
import { selectScenarios } from './select-scenarios.ts';
import { notClaimed, tellFailure, whyItWasRun } from './tell.ts';

/** The two functions of a test runner that the suite needs; Vitest, `node:test`, Jest and Mocha have them. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  /** The third argument is a timeout in milliseconds, which runners that know none ignore. */
  readonly it: (name: string, body: (...given: readonly unknown[]) => Promise<void>, timeoutMs: number) => unknown;
}

/** How much longer than the suite the test runner waits, in milliseconds: what hangs is to be reported by the suite. */
const RUNNER_MARGIN_MS = 10_000;

/** The options of {@link defineContract}. */
export interface ContractOptions {
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
}

/**
 * Defines one test for every scenario of the suite, or of those selected. The name of a test starts with the scenario's id.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` when an argument is malformed, or when `only` or `knownGaps` names no scenario
 */
export function defineContract(harness: Harness, runner: TestRunner, options: ContractOptions = {}): void {
  const { gaps } = parseHarness(harness, SCENARIOS);
  for (const name of ['describe', 'it'] as const) {
    const given = (runner as Partial<TestRunner> | undefined)?.[name];
    if (typeof given !== 'function') throw invalidArgument(`${name} of the test runner`, 'a function', given);
  }
  const { numbers, only } = parseEffort(options, []);
  const selected = selectScenarios(only);
  const timeoutMs = BOUNDED_STEPS * numbers.scenarioTimeoutMs + RUNNER_MARGIN_MS;
  runner.describe(`${harness.name}: contract`, () => {
    for (const scenario of selected) {
      // Without a parameter of its own: with one, some runners would wait for a callback.
      const test = async (...given: readonly unknown[]): Promise<void> => {
        using run = new CurrentRun();
        const failure = await runScenarioAs(run, harness, scenario, numbers).then(
          () => undefined,
          (error: unknown) => ({ error }),
        );
        if (run.unmet.length > 0) await remark(given[0], `${notClaimed(run.unmet)}; the opposite was run`);
        if (!gaps.has(scenario.id)) return failure && raise(failure.error, run);
        if (failure === undefined)
          throw new Error(`${scenario.id} is a known gap but passes now: take it off the list`);
      };
      runner.it(`${scenario.id}: ${scenario.title}`, test, timeoutMs);
    }
  });
}

/** Fails a test with what broke it, or where that has a cause or needs words beside it, with all of that. */
function raise(error: unknown, run: CurrentRun): never {
  const { deepest } = failureOf(error);
  if (deepest === error && whyItWasRun(run) === '') throw error;
  throw new ContractViolation(tellFailure(error, run).reason, { cause: deepest });
}

/** Says beside a test that passes what it was about, where the runner has a place for that: Vitest and `node:test`. */
async function remark(context: unknown, text: string): Promise<void> {
  const { annotate, diagnostic } = (context ?? {}) as { annotate?: unknown; diagnostic?: unknown };
  if (typeof annotate === 'function') await annotate.call(context, text);
  else if (typeof diagnostic === 'function') diagnostic.call(context, text);
}
