import { expect, test, vi } from 'vitest';
import { openMemory } from '@holdfast/memory';
import { injectFaults } from '../faults/inject-faults.ts';
import type { Harness } from '../harness.ts';
import { SCENARIOS } from '../scenarios/catalog.ts';
import { defineContract, type ContractOptions } from './define-contract.ts';

interface Defined {
  readonly name: string;
  readonly body: (context?: unknown) => Promise<void>;
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
  const it = (name: string, body: Defined['body'], timeoutMs: number): void => {
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

test('of a selection no other is defined', () => {
  const { tests } = define(memory, { only: ['bytes.empty', 'close'] });
  expect(new Set(tests.map(({ name }) => name.split('.')[0]))).toEqual(new Set(['bytes', 'close']));
  expect(named(tests, 'bytes.every-value')).toBeUndefined();
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

test('what is not claimed is said beside the test, where the runner has a place for it', async () => {
  const said: string[] = [];
  const note = (text: string): void => void said.push(text);
  const { body } = named(define(memory, { effort: 'quick' }).tests, 'close.one-of-several');
  // Vitest, `node:test`, and a runner that hands a callback to what has a parameter.
  for (const context of [{ annotate: note }, { diagnostic: note }, undefined]) await body(context);
  expect(said).toEqual(Array(2).fill("not claimed: sharing: 'process'; the opposite was run"));
  expect(body).toHaveLength(0);
  await named(define(memory, { effort: 'quick' }).tests, 'bytes.empty').body({ annotate: note });
  expect(said).toHaveLength(2);
});

test('a test fails with what is at the bottom of it', async () => {
  const bug = new TypeError('rows is not iterable');
  const open = async () => {
    const filesystem = openMemory();
    injectFaults(filesystem).add({ on: 'put', when: 'before', effect: () => Promise.reject(bug) });
    return filesystem;
  };
  const broken: Harness = { name: 'broken', createStore: async () => ({ open, destroy: async () => {} }) };
  const failure = await named(define(broken).tests, 'bytes.empty')
    .body()
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({
    message: expect.stringContaining('Caused by TypeError: rows') as string,
    cause: bug,
  });
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
