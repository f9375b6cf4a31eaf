import { invalidArgument } from '@holdfast/core/adapter';
import { SCENARIOS } from '../scenarios/catalog.ts';
import type { Harness } from '../harness.ts';
import type { Effort } from './effort.ts';
import { parseHarness } from './parse-harness.ts';
import { parseEffort } from './parse-options.ts';
import { BOUNDED_STEPS, runScenario } from './run-scenario.ts';

/** The two functions of a test runner that the suite needs; Vitest, `node:test`, Jest and Mocha have them. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  /** The third argument is a timeout in milliseconds, which runners that know none ignore. */
  readonly it: (name: string, body: () => Promise<void>, timeoutMs: number) => unknown;
}

/** How much longer than the suite the test runner waits, in milliseconds: what hangs is to be reported by the suite. */
const RUNNER_MARGIN_MS = 10_000;

/** The options of {@link defineContract}. */
export interface ContractOptions {
  /** How hard to try; by default `'full'`. */
  readonly effort?: Effort;
  /** How long one scenario may take before it counts as hung, in milliseconds; by default what the effort says. */
  readonly scenarioTimeoutMs?: number;
  /** Where the random numbers of `model.*` begin; by default somewhere else in each run. Failures say where. */
  readonly seed?: number;
}

/**
 * Defines one test for every scenario of the suite. The name of a test starts with the scenario's id.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` when an argument is malformed, or a known gap names no scenario
 */
export function defineContract(harness: Harness, runner: TestRunner, options: ContractOptions = {}): void {
  const { gaps } = parseHarness(harness, SCENARIOS);
  for (const name of ['describe', 'it'] as const) {
    const given = (runner as Partial<TestRunner> | undefined)?.[name];
    if (typeof given !== 'function') throw invalidArgument(`${name} of the test runner`, 'a function', given);
  }
  const { numbers } = parseEffort(options, []);
  const timeoutMs = BOUNDED_STEPS * numbers.scenarioTimeoutMs + RUNNER_MARGIN_MS;
  runner.describe(`${harness.name}: contract`, () => {
    for (const scenario of SCENARIOS) {
      const test = async (): Promise<void> => {
        const run = runScenario(harness, scenario, numbers);
        if (!gaps.has(scenario.id)) return void (await run);
        const failed = await run.then(
          () => false,
          () => true,
        );
        if (!failed) throw new Error(`${scenario.id} is a known gap but passes now: take it off the list`);
      };
      runner.it(`${scenario.id}: ${scenario.title}`, test, timeoutMs);
    }
  });
}
