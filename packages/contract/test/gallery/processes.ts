import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContractStore } from '../../src/index.ts';
import type { BrokenAdapter } from './support/broken-adapter.ts';
import { withChild, type JournalFlaw } from './support/journal.ts';
import { SharedMemory, SharedStore } from './support/shared-memory.ts';
import { open, type Flaw, type SqliteInput } from './support/sqlite-store.ts';

/** A store in a file, which processes may share. Child processes may have a flaw of their own. */
export function inAFile(
  flaw: Flaw,
  {
    flawOfChildren = flaw,
    ...claims
  }: { readonly flawOfChildren?: Flaw } & Partial<Pick<SqliteInput, 'sharing' | 'commits'>> = {},
): ContractStore {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-gallery-'));
  const input: SqliteInput = { file: join(directory, 'store.db'), flaw, sharing: 'host', gapMs: 0, ...claims };
  return {
    open: () => open(input),
    child: {
      module: new URL('support/sqlite-store.ts', import.meta.url).href,
      // The gap is wide enough that processes which begin together meet in it.
      input: { ...input, flaw: flawOfChildren, gapMs: 50 },
    },
    destroy: () => rm(directory, { recursive: true }),
  };
}

/** A store that a child process writes to with a journal. */
function journaled(flaw: JournalFlaw): ContractStore {
  const store = new SharedStore();
  return withChild({ open: async () => new SharedMemory(store), destroy: async () => {} }, flaw);
}

/** What only shows between processes. */
export const brokenProcesses: readonly BrokenAdapter[] = [
  {
    name: 'locks its own process only',
    why: 'A mutex around check and write, which another process does not have.',
    createStore: () => inAFile('locks its own process only'),
    caughtBy: ['process.*'],
  },
  {
    name: 'writes behind',
    why: 'Acknowledges a write that is still in memory: a process that is killed takes it along.',
    createStore: () => inAFile('writes behind'),
    caughtBy: ['durability.killed-process', 'process.every-race'],
    perhapsBy: [
      'durability.killed-at-once',
      'durability.killed-idle',
      'durability.killed-busy',
      'durability.killed-large',
    ],
  },
  {
    name: 'writes behind, in one process at a time',
    why: 'The same where processes may not share the store, so that nobody else is there to notice.',
    createStore: () => inAFile('writes behind', { sharing: 'process' }),
    caughtBy: ['durability.killed-process'],
    perhapsBy: [
      'durability.killed-at-once',
      'durability.killed-idle',
      'durability.killed-busy',
      'durability.killed-large',
    ],
  },
  {
    name: 'writes large bodies behind, in one process at a time',
    why: 'What takes long is answered at once and done in the background, which a small test never sees.',
    createStore: () => inAFile('writes large bodies behind', { sharing: 'process' }),
    caughtBy: ['durability.killed-idle'],
    perhapsBy: ['durability.killed-at-once', 'durability.killed-busy', 'durability.killed-large'],
  },
  {
    name: 'has room for one line of what comes at once',
    why: 'What comes while something waits to be written takes its place, and both are acknowledged when that is done.',
    createStore: () => journaled('has room for one line'),
    caughtBy: ['durability.killed-at-once'],
  },
  {
    name: 'goes on behind half a line',
    why: 'Half a line at the end of a journal is passed over and left there, so that the next one is the rest of it.',
    createStore: () => journaled('goes on behind half a line'),
    caughtBy: ['durability.killed-large'],
    perhapsBy: ['durability.killed-at-once', 'durability.killed-busy', 'durability.killed-idle'],
  },
  {
    name: 'counts its own writes',
    why: 'A counter in memory tells the writes of its process apart, and begins again in every other process.',
    // Only in children: what a counter does within one process, others of the gallery show.
    createStore: () => inAFile('none', { flawOfChildren: 'counts its own writes' }),
    caughtBy: ['version.new-per-process', 'version.no-aba-across-processes'],
    perhapsBy: ['process.every-race'],
  },
];
