import { expect, test, vi } from 'vitest';
import { openMemory } from '@holdfast/memory';
import type { Harness } from '../harness.ts';
import { SCENARIOS } from '../scenarios/catalog.ts';
import { defineContract, type ContractOptions } from './define-contract.ts';

interface Defined {
  readonly name: string;
  readonly body: () => Promise<void>;
  readonly timeoutMs: number;
}

/** What a test runner is told. */
function define(harness: Harness, options?: ContractOptions): { suites: string[]; tests: Defined[] } {
  const suites: string[] = [];
  const tests: Defined[] = [];
  const describe = (name: string, body: () => void): void => {
    suites.push(name);
    body();
  };
  const it = (name: string, body: () => Promise<void>, timeoutMs: number): void => {
    tests.push({ name, body, timeoutMs });
  };
  defineContract(harness, { describe, it }, options);
  return { suites, tests };
}

const memory: Harness = {
  name: 'memory',
  createStore: async () => ({ open: async () => openMemory(), destroy: async () => {} }),
};

function named(tests: readonly Defined[], id: string): Defined {
  return tests.find(({ name }) => name.startsWith(`${id}: `)) as Defined;
}

test('one test is defined for each scenario, its name beginning with the id', () => {
  const { suites, tests } = define(memory);
  expect(suites).toEqual(['memory: contract']);
  expect(tests.map(({ name }) => name)).toEqual(SCENARIOS.map(({ id, title }) => `${id}: ${title}`));
});

test('nothing is opened while tests are defined', () => {
  const createStore = vi.fn<Harness['createStore']>();
  define({ name: 'later', createStore });
  expect(createStore).not.toHaveBeenCalled();
});

test('the runner is given more time than a scenario that hangs is', () => {
  const { tests } = define(memory, { effort: 'quick', scenarioTimeoutMs: 100 });
  expect(tests.every(({ timeoutMs }) => timeoutMs > 300)).toBe(true);
});

test('a test passes when its scenario does, and fails with what broke it', async () => {
  await named(define(memory, { effort: 'quick' }).tests, 'bytes.empty').body();
  const broken: Harness = { name: 'broken', createStore: () => Promise.reject(new Error('no server')) };
  await expect(named(define(broken).tests, 'bytes.empty').body()).rejects.toThrow('no server');
});

test('a known gap passes while it fails, and fails when it passes', async () => {
  const broken: Harness = { name: 'broken', createStore: () => Promise.reject(new Error('no server')) };
  await named(define({ ...broken, knownGaps: ['bytes.empty'] }).tests, 'bytes.empty').body();
  const { tests } = define({ ...memory, knownGaps: ['bytes.empty'] }, { effort: 'quick' });
  await expect(named(tests, 'bytes.empty').body()).rejects.toThrow('take it off the list');
});

test('a known gap that names no scenario is an error at once', () => {
  expect(() => define({ ...memory, knownGaps: ['bytes.typo'] })).toThrow('bytes.typo');
});
