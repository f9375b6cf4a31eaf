import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isHoldfastError, type HoldfastError } from '@holdfast/core';
import { openMemory } from '@holdfast/memory';
import { expect, test, vi } from 'vitest';
import { injectFaults } from '../faults/inject-faults.ts';
import type { Harness } from '../harness.ts';
import { defineContract } from './define-contract.ts';
import { parseChild } from './parse-harness.ts';
import { runContract } from './run-contract.ts';

const memory: Harness = {
  name: 'memory',
  createStore: async () => ({ open: async () => openMemory(), destroy: async () => {} }),
};
const runner = { describe: () => {}, it: () => {} };

async function refusal(run: () => unknown): Promise<HoldfastError> {
  const thrown: unknown = await Promise.resolve()
    .then(run)
    .then(
      () => new Error('expected a refusal'),
      (error: unknown) => error,
    );
  if (!isHoldfastError(thrown)) throw thrown;
  return thrown;
}

test.each<[unknown, string]>([
  [undefined, 'harness must be an object with a name and a createStore; got undefined'],
  [Promise.resolve(memory), 'harness.name must be a string that is not empty; got undefined'],
  [() => memory, 'harness must be an object with a name and a createStore; got a function'],
  [{ ...memory, name: '' }, 'harness.name must be a string that is not empty; got an empty string'],
  [{ ...memory, version: 1 }, 'harness.version must be a string; got a number'],
  [{ name: 'x' }, 'harness.createStore must be a function; got undefined'],
  [{ ...memory, knownGaps: 'bytes.empty' }, 'harness.knownGaps must be an array of ids of scenarios; got a string'],
  [{ ...memory, knownGaps: [7] }, 'each of harness.knownGaps must be the id of a scenario; got a number'],
  [{ ...memory, knownGaps: ['bytes.typo'] }, 'harness.knownGaps names no scenario: bytes.typo'],
])('a harness that is none is refused by what is wrong with it: %#', async (harness, message) => {
  for (const run of [() => defineContract(harness as Harness, runner), () => runContract(harness as Harness)]) {
    expect(await refusal(run)).toMatchObject({ code: 'INVALID_ARGUMENT', message });
  }
});

test.each<[unknown, string]>([
  [{ effort: 'huge' }, 'effort must be one of quick, full, long; got a string'],
  [{ scenarioTimeoutMs: 0 }, 'scenarioTimeoutMs must be an integer from 1 to 2147483647; got a number'],
  [{ roundTripMs: 0 }, 'roundTripMs must be an integer from 1 to 1000; got a number'],
  [7, 'options must be an object; got a number'],
])('options that are none are refused: %#', async (options, message) => {
  for (const run of [
    () => defineContract(memory, runner, options as object),
    () => runContract(memory, options as object),
  ]) {
    expect(await refusal(run)).toMatchObject({ code: 'INVALID_ARGUMENT', message });
  }
});

test('an option with a typo is told, and what was probably meant', async () => {
  const { message } = await refusal(() => runContract(memory, { efort: 'quick' } as object));
  expect(message).toContain('options has an unknown key efort (did you mean effort?)');
  const noted = await refusal(() => defineContract(memory, runner, { onScenario: () => {} } as object));
  expect(noted.message).toContain('key onScenario');
});

test.each<[unknown, string]>([
  [undefined, 'describe of the test runner must be a function; got undefined'],
  [{ it: () => {} }, 'describe of the test runner must be a function; got undefined'],
  [{ describe: () => {}, it: 'it' }, 'it of the test runner must be a function; got a string'],
])('a test runner that is none is refused: %#', async (given, message) => {
  const error = await refusal(() => defineContract(memory, given as typeof runner));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message });
});

test.each<[unknown, string]>([
  ['bytes', 'only must be an array of ids and families of scenarios; got a string'],
  [[7], 'each of only must be the id or the family of scenarios; got a number'],
  [[], 'only must be at least one id or family: nothing selected is no pass; got an array'],
  [['byte'], 'no scenario and no family is called byte'],
])('a selection that is none is refused: %#', async (only, message) => {
  for (const run of [
    () => defineContract(memory, runner, { only: only as string[] }),
    () => runContract(memory, { only: only as string[] }),
  ]) {
    expect(await refusal(run)).toMatchObject({ code: 'INVALID_ARGUMENT', message });
  }
});

test.each<[unknown, string]>([
  [undefined, 'what createStore gives must be a store, or a promise of one; got undefined'],
  [{ destroy: async () => {} }, 'open of the store must be a function; got undefined'],
  [{ open: async () => openMemory() }, 'destroy of the store must be a function; got undefined'],
  [
    { open: async () => {}, destroy: async () => {} },
    'what open gives must be a filesystem, or a promise of one; got undefined',
  ],
  [
    { open: async () => ({ get: async () => {} }), destroy: async () => {} },
    'capabilitiesAt of what open gives must be a function, as of every filesystem; got undefined',
  ],
])('what a harness gives is looked at before it is used: %#', async (store, message) => {
  const harness = { name: 'x', createStore: async () => store } as Harness;
  expect(await refusal(() => runContract(harness))).toMatchObject({ code: 'INVALID_ARGUMENT', message });
});

test('faults go into adapters only', async () => {
  for (const adapter of [undefined, {}, Promise.resolve()]) {
    const { message } = await refusal(() => injectFaults(adapter as never));
    expect(message).toMatch(/^adapter must be one that extends BaseFilesystem; got /);
  }
});

test('an adapter of another copy of core is told as that', async () => {
  vi.resetModules();
  const another = await import('@holdfast/memory');
  expect(another.openMemory).not.toBe(openMemory);
  const createStore = async () => ({ open: async () => another.openMemory(), destroy: async () => {} });
  const { scenarios } = await runContract({ name: 'x', createStore }, { only: ['error.unclassified'] });
  expect(scenarios[0]?.reason).toContain('another copy of @holdfast/core');
});

test.each<[unknown, string]>([
  [undefined, 'child of the store must be an object with a module; got undefined'],
  [{ input: 1 }, 'child.module of the store must be a URL or the path of a module; got undefined'],
  [
    { module: './no/such/child.ts' },
    'child.module of the store names no file: ./no/such/child.ts, from the working directory',
  ],
  [{ module: '/no/such/child.ts' }, 'child.module of the store names no file'],
])('a child that no process could open is refused: %#', async (child, message) => {
  expect(await refusal(() => parseChild(child))).toMatchObject({ code: 'INVALID_ARGUMENT', message });
});

test('the module of a child may be a URL, a path, or a path from the working directory', () => {
  const { href } = new URL('../worker.ts', import.meta.url);
  const path = fileURLToPath(href);
  for (const module of [href, path, relative(process.cwd(), path), `./${relative(process.cwd(), path)}`]) {
    expect(parseChild({ module, input: 7 })).toEqual({ module: href, input: 7 });
  }
  expect(parseChild({ module: 'data:text/javascript,', input: 7 }).module).toBe('data:text/javascript,');
});
