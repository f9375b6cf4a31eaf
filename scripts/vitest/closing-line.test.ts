import { expect, test } from 'vitest';
import type { TestModule } from 'vitest/node';
import { closingLine, count } from './closing-line.ts';

interface Given {
  readonly tests?: readonly string[];
  readonly errors?: number;
  readonly suiteErrors?: number;
}

/** As much of a module of tests as is counted. */
function module({ tests = [], errors = 0, suiteErrors = 0 }: Given): TestModule {
  const failures = (length: number) => Array.from({ length }, () => new Error('outside of a test'));
  const fake = {
    errors: () => failures(errors),
    children: {
      allTests: () => tests.map((state) => ({ result: () => ({ state }) })),
      allSuites: () => [{ errors: () => failures(suiteErrors) }],
    },
  };
  return fake as unknown as TestModule;
}

test('tests are counted by how they ended', () => {
  const modules = [module({ tests: ['passed', 'passed', 'failed'] }), module({ tests: ['skipped', 'passed'] })];
  expect(count(modules, [])).toEqual({ passed: 3, failed: 1, skipped: 1 });
});

test('a test that never ended did not pass', () => {
  expect(count([module({ tests: ['pending', 'passed'] })], [])).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('what failed outside of a test is a failure', () => {
  expect(count([module({ errors: 1, suiteErrors: 2 })], ['unhandled'])).toEqual({ passed: 0, failed: 4, skipped: 0 });
});

test('the line says what was counted', () => {
  expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
  expect(closingLine({ passed: 1, failed: 2, skipped: 3 })).toBe('1 passed, 2 failed, 3 skipped');
});
