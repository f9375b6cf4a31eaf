import { expect, test, vi } from 'vitest';
import { runContract, SCENARIOS, type ContractStore } from '../src/index.ts';
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

const long = process.env['HOLDFAST_LONG'] === '1';

// What they start many processes for has nothing to do with what most mixtures claim less or more. Of a killed process
// `durability.killed-busy` has what depends on claims, and `durability.reopen-many` all of it in this one. The long run
// has all of them for every mixture.
const KILLS = ['idle', 'at-once', 'large', 'process'].map((it) => `durability.killed-${it}`);
const OF_EVERY_SIZE = 'durability.killed-large';
const except = (...ids: string[]): readonly string[] =>
  SCENARIOS.map(({ id }) => id).filter((id) => long || !ids.includes(id));
const ALL = except();
// Listings and races of thousands, which have nothing to do with claims either.
const MUCH = [
  'durability.reopen-many',
  'entries.many',
  'list.large-child',
  'list.many',
  'model.beside',
  'model.many',
  'race.every-shape',
];
const FEW_KILLS = except(...KILLS, ...MUCH);

// What the broken adapters are made of, and every mixture of claims that a stranger's adapter may have: a
// scenario that fails here is wrong itself.
const GOOD: readonly [name: string, createStore: () => ContractStore, only?: readonly string[]][] = [
  ['memory', () => alone(openGood())],
  ['memory with commits', () => alone(new GoodCommits())],
  ['a layer that does nothing', () => wrapping((inner) => new Passthrough(inner))],
  ['what instances share', () => shared((store) => new SharedMemory(store))],
  ['what instances share, with commits', () => shared((store) => new SharedMemory(store, SHARED_COMMITS)), FEW_KILLS],
  ['bytes in a tree', () => shared((store) => new SharedMemory(store, BYTES_ONLY))],
  ['bytes that are overwritten', () => shared((store) => new SharedMemory(store, OVERWRITE_ONLY)), FEW_KILLS],
  ['versions and nothing else', () => shared((store) => new SharedMemory(store, VERSIONS_ONLY)), FEW_KILLS],
  [
    'no conditional delete',
    () => shared((store) => new SharedMemory(store, { ...SHARED, conditionalDelete: false })),
    FEW_KILLS,
  ],
  ['no content types', () => shared((store) => new SharedMemory(store, { ...SHARED, contentTypes: false })), FEW_KILLS],
  [
    'no indexed projections',
    () => shared((store) => new SharedMemory(store, { ...SHARED, indexed: false })),
    FEW_KILLS,
  ],
  [
    'very small bodies',
    () => shared((store) => new SharedMemory(store, { ...SHARED, maxBodyBytes: 2048 })),
    except(...MUCH, ...KILLS.filter((id) => id !== OF_EVERY_SIZE)),
  ],
  ['what processes share, with commits', () => inAFile('none', { commits: true })],
];

// The same with fewer claims, of which only what is about processes is otherwise: without commits what does random calls,
// and where one process at a time may open the store what two of them do.
const ABOUT_PROCESSES = ['close', 'durability', 'model.processes', 'open', 'process', 'race.every-shape', 'version'];
const WITH_PROCESSES: readonly [string, () => ContractStore, readonly string[]][] = [
  ['what processes share, without commits', () => inAFile('none'), long ? ABOUT_PROCESSES : ['model.processes']],
  [
    'what one process at a time may open',
    () => inAFile('none', { sharing: 'process' }),
    long ? ABOUT_PROCESSES : ['durability.killed-process', 'model.processes', 'open', 'process', 'version'],
  ],
];

test.concurrent.for(GOOD)('%s honours the whole contract', async ([name, createStore, only = ALL]) => {
  const harness = { name, createStore: async () => createStore() };
  const { scenarios } = await runContract(harness, { effort: 'quick', only });
  expect(scenarios.filter(({ status }) => status === 'failed')).toEqual([]);
});

test.concurrent.for(WITH_PROCESSES)('%s honours what is about processes', async ([name, createStore, only]) => {
  const harness = { name, createStore: async () => createStore() };
  const { scenarios } = await runContract(harness, { effort: 'quick', only });
  expect(scenarios.filter(({ status }) => status === 'failed')).toEqual([]);
});
