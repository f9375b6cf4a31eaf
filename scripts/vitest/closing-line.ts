import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** How many tests ended how. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Ends a run with a line like `12 passed, 0 failed`, which tools that start the tests look for, and fails a run in
 * which no test was executed.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tally = count(modules, unhandled);
    console.log(`\n${closingLine(tally)}`);
    if (tally.passed + tally.failed > 0) return;
    console.error('No test was executed.');
    process.exitCode = 1;
  }
}

/** The line itself. */
export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** A file or suite that failed outside its tests and an error that belongs to no test count as a failure each. */
export function count(modules: readonly TestModule[], unhandled: readonly unknown[]): Tally {
  const tally = { passed: 0, failed: unhandled.length, skipped: 0 };
  for (const module of modules) {
    tally.failed += module.errors().length;
    for (const suite of module.children.allSuites()) tally.failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // A test still pending was given up when the run was: nobody can say that it passed.
      if (state === 'passed' || state === 'skipped') tally[state] += 1;
      else tally.failed += 1;
    }
  }
  return tally;
}
