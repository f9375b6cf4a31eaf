import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeScratchDirectory, makeScratchDirectoryOnDisk } from '@holdfast/test-support';
import { checkLane, type Problems } from '../check/check-lane.ts';
import { checkService } from '../check/check-service.ts';
import { inspect } from '../check/inspect.ts';
import { takeOver } from '../check/take-over.ts';
import { Told } from '../check/told.ts';
import { killWhileWriting, type Moment } from './kill-while-writing.ts';
import type { KilledBackend } from './killed-backend.ts';
import { journalLines } from './journal-file.ts';
import { openStore, type StoreAt } from '../load/open-store.ts';

/** What came of it. All lists have to be empty. */
export interface Killed extends Problems {
  kills: number;
  /** Kills before the first write was begun. */
  whileOpening: number;
  acknowledged: number;
  /** How long it took, at most, to write wherever the process had been writing, in milliseconds. Only on servers. */
  longestTakeOverMs: number;
  /** Writes that were under way when their process was killed. */
  underWay: number;
  readonly damaged: string[];
  /** What failed, though nothing but the end of the process was in its way. */
  readonly failures: string[];
}

/** So many rounds of two kills each are on one store. */
const ROUNDS_OF_A_STORE = 5;

/** How many kills are meant for a store that is being opened, and how much later they come at most. It takes some 20 ms. */
const WHILE_OPENING = { share: 0.25, laterMs: 30 };

/**
 * The others come after an acknowledged write, at most this one, and so little later that it may be in any part of the
 * next.
 */
const WHILE_WRITING = { writes: 200, onServer: 60, laterMs: 3 };

/** For others to write where the process had been writing, in milliseconds: their deadline. */
const TAKE_OVER_MS = 5000;

/** More writes than a process makes before it is killed. */
const WRITES_OF_A_PROCESS = 1_000_000;

/** One of the processes that write at once, and those that come after it. */
interface Lane {
  readonly lane: number;
  readonly store: StoreAt;
  readonly journal: string;
  readonly told: Told;
  heard: number;
}

/**
 * Kills processes of a bundled child, at least so often, while they write; opens the store after each kill, and compares it
 * with what they were told.
 */
export async function killCycles(child: string, backend: KilledBackend, kills: number): Promise<Killed> {
  await using scratch = await (backend.onDisk ? makeScratchDirectoryOnDisk('kills') : makeScratchDirectory('kills'));
  const killed: Killed = {
    kills: 0,
    whileOpening: 0,
    acknowledged: 0,
    longestTakeOverMs: 0,
    underWay: 0,
    lost: [],
    fromNowhere: [],
    half: [],
    torn: [],
    damaged: [],
    failures: [],
  };
  while (killed.kills < kills) {
    const directory = join(scratch.path, `${killed.kills}`);
    await mkdir(directory);
    const stores = await backend.makeStores(directory);
    const lanes = [0, 1].map((lane): Lane => {
      return {
        lane,
        store: stores[lane] ?? stores[0],
        journal: join(directory, `journal-${lane}`),
        told: new Told(),
        heard: 0,
      };
    });
    for (let round = 0; round < ROUNDS_OF_A_STORE && killed.kills < kills; round += 1) {
      await Promise.all(lanes.map((lane) => killOnce(child, backend, lane, round, killed)));
    }
    for (const { told } of lanes) killed.failures.push(...told.failures);
    for (const store of stores) {
      killed.damaged.push(...(await inspect(store)));
      await backend.remove?.(store);
    }
    await rm(directory, { recursive: true });
  }
  return killed;
}

async function killOnce(
  child: string,
  { endsWithProcess }: KilledBackend,
  lane: Lane,
  round: number,
  killed: Killed,
): Promise<void> {
  const prefix = endsWithProcess ? '' : `/round-${round}`;
  // One that writes to what the server may still be writing to would not know what came first.
  if (!endsWithProcess) lane.told.forget();
  const first = round * WRITES_OF_A_PROCESS;
  await killWhileWriting(child, { ...lane, prefix, first }, anyMoment(round, endsWithProcess));
  killed.kills += 1;
  const text = await readFile(lane.journal, 'utf8').catch(() => '');
  const lines = journalLines(text.slice(lane.heard));
  lane.heard = text.lastIndexOf('\n') + 1;
  lane.told.hear(lines);
  if (lines.length === 0) killed.whileOpening += 1;
  killed.acknowledged += lines.filter(([what]) => what === 'acknowledged').length;
  killed.underWay += lane.told.open;
  await using store = await openStore(lane.store);
  await checkLane(store, { ...lane, prefix }, killed);
  if (!endsWithProcess) {
    const ms = await takeOver(store, { prefix, slots: lane.told.slots, timeoutMs: TAKE_OVER_MS });
    killed.longestTakeOverMs = Math.max(killed.longestTakeOverMs, Math.ceil(ms));
  }
  await checkService(store, { ...lane, prefix: `${prefix}/service` });
}

function anyMoment(round: number, inProcess: boolean): Moment {
  // Those of one round never: some have to be killed while they write, however few there are.
  if (round !== 1 && Math.random() < WHILE_OPENING.share)
    return { heard: 1, laterMs: Math.random() * WHILE_OPENING.laterMs };
  const heard = 2 + Math.floor(Math.random() * (inProcess ? WHILE_WRITING.writes : WHILE_WRITING.onServer));
  return { heard, laterMs: Math.random() * WHILE_WRITING.laterMs };
}
