import { expect, test, vi } from 'vitest';
import { runContract, type ContractStore } from '../src/index.ts';
import { inAFile } from './gallery/processes.ts';
import { alone, shared, wrapping } from './gallery/support/broken-adapter.ts';
import { GoodCommits } from './gallery/support/good-commits.ts';
import { openGood } from './gallery/support/good-memory.ts';
import { Passthrough } from './gallery/support/passthrough.ts';
import {
  BYTES_ONLY,
  OVERWRITE_ONLY,
  SHARED,
  SHARED_COMMITS,
  SharedMemory,
  VERSIONS_ONLY,
} from './gallery/support/shared-memory.ts';

// One test is a whole run, of which each scenario has a time of its own.
vi.setConfig({ testTimeout: 300_000 });

// What the broken adapters are made of, and every mixture of claims that a stranger's adapter may have: a
// scenario that fails here is wrong itself.
const GOOD: readonly [string, () => ContractStore][] = [
  ['memory', () => alone(openGood())],
  ['memory with commits', () => alone(new GoodCommits())],
  ['a layer that does nothing', () => wrapping((inner) => new Passthrough(inner))],
  ['what instances share', () => shared((store) => new SharedMemory(store))],
  ['what instances share, with commits', () => shared((store) => new SharedMemory(store, SHARED_COMMITS))],
  ['bytes in a tree', () => shared((store) => new SharedMemory(store, BYTES_ONLY))],
  ['bytes that are overwritten', () => shared((store) => new SharedMemory(store, OVERWRITE_ONLY))],
  ['versions and nothing else', () => shared((store) => new SharedMemory(store, VERSIONS_ONLY))],
  ['no conditional delete', () => shared((store) => new SharedMemory(store, { ...SHARED, conditionalDelete: false }))],
  ['no content types', () => shared((store) => new SharedMemory(store, { ...SHARED, contentTypes: false }))],
  ['no indexed projections', () => shared((store) => new SharedMemory(store, { ...SHARED, indexed: false }))],
  ['very small bodies', () => shared((store) => new SharedMemory(store, { ...SHARED, maxBodyBytes: 2048 }))],
  ['what processes share, with commits', () => inAFile('none', { commits: true })],
];

// The same with fewer claims, of which only what is about processes is otherwise.
const WITH_PROCESSES: readonly [string, () => ContractStore][] = [
  ['what processes share, without commits', () => inAFile('none')],
  ['what one process at a time may open', () => inAFile('none', { sharing: 'process' })],
];
const ABOUT_PROCESSES = ['close', 'durability', 'model.processes', 'open', 'process', 'race.every-shape', 'version'];

test.concurrent.for(GOOD)('%s honours the whole contract', async ([name, createStore]) => {
  const { scenarios } = await runContract({ name, createStore: async () => createStore() }, { effort: 'quick' });
  expect(scenarios.filter(({ status }) => status === 'failed')).toEqual([]);
});

test.concurrent.for(WITH_PROCESSES)('%s honours what is about processes', async ([name, createStore]) => {
  const harness = { name, createStore: async () => createStore() };
  const { scenarios } = await runContract(harness, { effort: 'quick', only: ABOUT_PROCESSES });
  expect(scenarios.filter(({ status }) => status === 'failed')).toEqual([]);
});
