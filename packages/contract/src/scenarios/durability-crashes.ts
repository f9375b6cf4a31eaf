import type { RootFilesystem, Version } from '@holdfast/core';
import { changesOf, halfOf, planFor, type Change, type ChangePlan } from '../durability/change.ts';
import { checkKept, checkWritable, putInTheEnd } from '../durability/check-kept.ts';
import { checkLarge } from '../durability/check-large.ts';
import { checkWriters } from '../durability/check-writers.ts';
import { makeChanges } from '../durability/make-changes.ts';
import type { LargeWritesPlan } from '../durability/write-large.ts';
import { pathOf, type WritersPlan } from '../durability/writers-plan.ts';
import { unmetNeeds } from '../needs.ts';
import { spawnChild } from '../processes/spawn-child.ts';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { claimed, type Scenario, type ScenarioBody } from '../scenario.ts';
import type { Death } from '../processes/tasks.ts';
import { randomNumbers } from '../support/random.ts';
import { inBatches, numbered } from '../support/batches.ts';
import { file, textOf } from '../support/bodies.ts';
import { checkEqual } from '../support/check.ts';

/** How many paths a process that is killed writes to, so that it writes to each of them several times. */
const PATHS = 30;

/** How many turns of the event loop at most a process lives on while it writes much. */
const MOST_TURNS = 12;

/** How many entries are written after a crash. */
const AFTERWARDS = 5;

/** How many changes of each path there are of which all is kept, far from each other. */
const CHANGES_OF_EACH = 4;

/** How many write at once until they are killed, and how many entries are left alone meanwhile. */
const WRITERS = 8;
const STAYING = 150;

/** What part of the time of the scenario one of them has: on a slow store it does not come to all of the writes. */
const SHARE_FOR_WRITING = 0.1;

/** Where processes die: in which of the long writes, and how far into it; the one with none, after the last write. */
const DEATHS = [
  { longWrite: 2, share: 0.3 },
  { longWrite: 0, share: 0 },
  { longWrite: 3, share: 0.7 },
  { longWrite: 1, share: 0.5 },
] as const;

/** When processes die that write large bodies, by what part of the time that it takes. */
const SHARES = [0.35, 0.6, 0.15, 0.85] as const;

/** How long a large body is, where one may be so long, in bytes. */
const LARGE = 2 ** 20;

const keepsWhileOpen: ScenarioBody = async (context) => {
  checkEqual(context.claims.durability, 'none', 'the durability');
  const changes = changesOf(planFor(context.claims, { seed: context.effort.seed, changes: 50, paths: 10 }));
  await makeChanges(context.filesystem, changes, () => {});
  await checkKept(context.filesystem, changes, changes.length);
};

/** What is there after a process was killed, or after much was written, whatever it was. */
export const durabilityCrashScenarios: readonly Scenario[] = [
  claimed(
    'durability.killed-idle',
    'of a process that is killed as soon as all is acknowledged every overwrite, delete and large body is there',
    ['durable'],
    { run: checkKilledIdle, unclaimed: keepsWhileOpen },
  ),
  claimed(
    'durability.killed-busy',
    'of a process that is killed while it writes all is as it was at one moment, and every key can be written again',
    ['durable'],
    { run: checkKilledBusy, unclaimed: keepsWhileOpen },
  ),
  claimed(
    'durability.reopen-many',
    'after thousands of writes closing and opening again gives every entry back, with its metadata and each byte',
    ['durable'],
    {
      async run(context) {
        const { claims, effort } = context;
        const { changes: count, openings } = effort.kept;
        const plan = planFor(claims, { seed: effort.seed, changes: count, paths: Math.ceil(count / CHANGES_OF_EACH) });
        const changes = changesOf(plan);
        const versions = new Map<string, Version | undefined>();
        let { filesystem } = context;
        for (const [index, some] of inParts(changes, openings).entries()) {
          if (index > 0) filesystem = await context.reopen();
          for (const together of ofDifferentPaths(some)) {
            await inBatches(together, (change) => makeChanges(filesystem, [change], () => {}, versions));
          }
        }
        await checkKept(await context.reopen(), changes, changes.length);
      },
      unclaimed: keepsWhileOpen,
    },
  ),
  claimed(
    'durability.killed-at-once',
    'of a process that is killed while many write at once, or in a write that takes longer than others, all that was acknowledged is there, and what was left alone',
    ['durable'],
    {
      run: checkKilledAtOnce,
      unclaimed: keepsAnEntry,
    },
  ),
  claimed(
    'durability.killed-large',
    'of a process that is killed in the midst of large bodies each is there whole or not at all, and what is written afterwards is kept',
    ['durable'],
    { run: checkKilledLarge, unclaimed: keepsAnEntry },
  ),
];

async function keepsAnEntry(context: ScenarioContext): Promise<void> {
  checkEqual(context.claims.durability, 'none', 'the durability');
  await context.filesystem.put('/kept/entry', file('x'), 'any');
  checkEqual(await context.text('/kept/entry'), 'x', 'the body');
}

/** Parts of about the same length, in order. */
function inParts<T>(all: readonly T[], parts: number): T[][] {
  const length = Math.ceil(all.length / parts);
  return Array.from({ length: parts }, (_, index) => all.slice(index * length, (index + 1) * length));
}

/** The changes in order, together as long as no path comes twice: those end the same when they are made at once. */
function ofDifferentPaths(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  let paths = new Set<string>();
  for (const [index, change] of changes.entries()) {
    if (groups.length === 0 || paths.has(change.path)) {
      groups.push([]);
      paths = new Set();
    }
    paths.add(change.path);
    groups.at(-1)?.push({ on: index % 2 === 0 ? 'any' : 'version', ...change });
  }
  return groups;
}

/** Kills processes in which many write at once, each at another moment, and looks at what they leave. */
async function checkKilledAtOnce(context: ScenarioContext): Promise<void> {
  const { claims, effort } = context;
  const { writes, kills } = effort.writesAtOnce;
  const mayShare = unmetNeeds(['processes'], claims).length === 0;
  let { filesystem } = context;
  for (let kill = 0; kill < kills; kill += 1) {
    const death = DEATHS[kill % DEATHS.length] as (typeof DEATHS)[number];
    const longest = Math.min(claims.maxBodyBytes, 2 ** 20);
    const mostMs = effort.scenarioTimeoutMs * SHARE_FOR_WRITING;
    const plan = { directory: `/kept/${kill}`, staying: STAYING, writers: WRITERS, writes, mostMs, longest, ...death };
    if (!mayShare) await context.closeAll();
    const acknowledged = await writeUntilKilled(context, plan);
    if (!mayShare) filesystem = await context.reopen();
    await checkWriters(filesystem, plan, acknowledged);
    const paths = acknowledged.map((writes_, writer) => pathOf(plan, writer, writes_ + 1));
    await inBatches(paths, (path) => putInTheEnd(filesystem, path));
    filesystem = await context.reopen();
    await inBatches(paths, async (path) => {
      checkEqual(textOf(await filesystem.get(path)), path, `the body at ${path}, written after a crash`);
    });
  }
}

/** Kills processes in the midst of large bodies, one after the other, and looks at what all of them left. */
async function checkKilledLarge(context: ScenarioContext): Promise<void> {
  const { claims, effort } = context;
  const mayShare = unmetNeeds(['processes'], claims).length === 0;
  const length = Math.min(claims.maxBodyBytes, LARGE);
  const after: string[] = [];
  for (const [kill, share] of SHARES.slice(0, effort.kills).entries()) {
    const plan = { directory: `/large/${kill}`, length, share };
    if (!mayShare) await context.closeAll();
    const acknowledged = await writeLargeUntilKilled(context, plan);
    const left = await checkLarge(await context.reopen(), plan, acknowledged);
    // Somebody else goes on where the dead process was; the next one finds that too.
    after.push(`/after/${kill}`);
    await putInTheEnd(await context.reopen(), `/after/${kill}`);
    const reopened = await context.reopen();
    checkEqual(await checkLarge(reopened, plan, acknowledged), left, 'the paths that have a body, opened once more');
    for (const path of after) checkEqual(textOf(await reopened.get(path)), path, `the body at ${path}`);
  }
}

/** Lets a process write large bodies until it kills itself; gives how many of the first it was told that are done. */
async function writeLargeUntilKilled({ child: harness }: ScenarioContext, plan: LargeWritesPlan): Promise<number> {
  const child = spawnChild(harness, { task: 'write-large-until-killed', plan });
  let acknowledged = 0;
  try {
    await child.ready();
    child.begin();
    for await (const done of child.messagesUntilKilled()) acknowledged = done as number;
    return acknowledged;
  } finally {
    await child.ended();
  }
}

/** Lets a process write until it kills itself; gives how many writes each writer was told that are done. */
async function writeUntilKilled({ child: harness }: ScenarioContext, plan: WritersPlan): Promise<number[]> {
  const child = spawnChild(harness, { task: 'write-at-once-until-killed', plan });
  const acknowledged = Array<number>(plan.writers).fill(0);
  try {
    await child.ready();
    child.begin();
    for await (const message of child.messagesUntilKilled()) {
      const [writer, writes] = message as [number, number];
      acknowledged[writer] = writes;
    }
    return acknowledged;
  } finally {
    await child.ended();
  }
}

/** How many changes the others make of whom several are killed. */
const CHANGES_OF_OTHERS = 30;

/** Kills processes that have changed everything, each after another sort of change, and looks at what they leave. */
async function checkKilledIdle(context: ScenarioContext): Promise<void> {
  const { killedChanges, kills, seed } = context.effort;
  let { filesystem } = context;
  for (let kill = 0; kill < kills; kill += 1) {
    const changes = kill === 0 ? killedChanges : CHANGES_OF_OTHERS;
    filesystem = await checkKilled(context, filesystem, 'idle', { seed: seed + kill, changes });
  }
}

async function checkKilledBusy(context: ScenarioContext): Promise<void> {
  const { killedChanges, seed } = context.effort;
  await checkKilled(context, context.filesystem, 'busy', { seed, changes: killedChanges });
}

/** Kills a process that changes everything, and looks at what is left; gives what has the store open, which is empty. */
async function checkKilled(
  context: ScenarioContext,
  beside: RootFilesystem,
  when: 'idle' | 'busy',
  { seed, changes: count }: { readonly seed: number; readonly changes: number },
): Promise<RootFilesystem> {
  const { claims } = context;
  const mayShare = unmetNeeds(['processes'], claims).length === 0;
  if (!mayShare) await context.closeAll();
  const plan = planFor(claims, { seed, changes: count, paths: PATHS });
  const changes = changesOf(plan);
  const random = randomNumbers(seed);
  const turns = 1 + Math.floor(random() * MOST_TURNS);
  const dies = when === 'idle' ? { after: changes.length, turns: 0 } : { after: halfOf(plan), turns };
  const made = await changeUntilKilled(context, plan, dies);
  const filesystem: RootFilesystem = mayShare ? beside : await context.reopen();
  await checkKept(filesystem, changes, made);
  // Whoever opens the store now finds the same.
  const reopened = await context.reopen();
  await checkWritable(reopened, changes, await checkKept(reopened, changes, made));
  // And what is written after a crash.
  const paths = numbered('/afterwards/', AFTERWARDS);
  await inBatches(paths, (path) => reopened.put(path, file(path), 'any'));
  const again = await context.reopen();
  await inBatches(paths, async (path) => {
    checkEqual(textOf(await again.get(path)), path, `the body at ${path}, written after a crash`);
    await again.delete(path, 'any');
  });
  return again;
}

/** A process that makes changes until it kills itself; gives how many of them it acknowledged at least. */
async function changeUntilKilled({ child: harness }: ScenarioContext, plan: ChangePlan, dies: Death): Promise<number> {
  const child = spawnChild(harness, { task: 'change-until-killed', plan, dies });
  try {
    await child.ready();
    child.begin();
    for await (const made of child.messages()) {
      if ((made as number) >= dies.after) return made as number;
    }
    return 0;
  } finally {
    await child.ended();
  }
}
