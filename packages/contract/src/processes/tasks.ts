import { isHoldfastError, type RootFilesystem } from '@holdfast/core';
import { changesOf, type ChangePlan } from '../durability/change.ts';
import { makeChanges } from '../durability/make-changes.ts';
import { commitUntilKilled, type CommitsPlan } from '../durability/commits-plan.ts';
import { runWriters } from '../durability/run-writers.ts';
import { writeLargeUntilKilled, type LargeWritesPlan } from '../durability/write-large.ts';
import type { WritersPlan } from '../durability/writers-plan.ts';
import { hostTime } from '../history/host-time.ts';
import { recordTransactions, type TransactionMix } from '../history/record-transactions.ts';
import { nextTurn } from '../support/barrier.ts';
import { file } from '../support/bodies.ts';
import { increment } from '../support/counter.ts';
import { serve } from './serve.ts';

/** What a child process can be asked to do. Survives JSON. `serve` makes the calls it is sent until it has closed. */
export type ChildTask =
  | { readonly task: 'cas-storm'; readonly path: string; readonly writers: number; readonly updates: number }
  | { readonly task: 'absent-race'; readonly name: string; readonly prefix: string; readonly paths: number }
  | { readonly task: 'put-entries'; readonly prefix: string; readonly entries: number }
  | { readonly task: 'write-until-killed'; readonly prefix: string }
  | { readonly task: 'change-until-killed'; readonly plan: ChangePlan; readonly dies: Death }
  | { readonly task: 'write-at-once-until-killed'; readonly plan: WritersPlan }
  | { readonly task: 'write-large-until-killed'; readonly plan: LargeWritesPlan }
  | { readonly task: 'commit-until-killed'; readonly plan: CommitsPlan }
  | { readonly task: 'transactions'; readonly mix: TransactionMix }
  | { readonly task: 'serve' };

/** After which change a process kills itself, and how many turns of the event loop later, in which it goes on. */
export interface Death {
  readonly after: number;
  readonly turns: number;
}

/** Does a task and gives its report; `acknowledge` passes on what is done meanwhile. */
export function runTask(
  task: ChildTask,
  filesystem: RootFilesystem,
  acknowledge: (message: unknown) => Promise<void>,
): Promise<unknown> {
  switch (task.task) {
    case 'cas-storm':
      return casStorm(filesystem, task);
    case 'absent-race':
      return absentRace(filesystem, task);
    case 'put-entries':
      return putEntries(filesystem, task);
    case 'write-until-killed':
      return writeUntilKilled(filesystem, task, acknowledge);
    case 'change-until-killed':
      return changeUntilKilled(filesystem, task, acknowledge);
    case 'write-at-once-until-killed':
      return runWriters(filesystem, task.plan, acknowledge);
    case 'write-large-until-killed':
      return writeLargeUntilKilled(filesystem, task.plan, acknowledge);
    case 'commit-until-killed':
      return commitUntilKilled(filesystem, task.plan, acknowledge);
    case 'transactions':
      return recordTransactions([filesystem], task.mix, hostTime);
    case 'serve':
      return serve(filesystem, acknowledge);
  }
}

async function casStorm(
  filesystem: RootFilesystem,
  task: Extract<ChildTask, { task: 'cas-storm' }>,
): Promise<{ applied: number }> {
  let applied = 0;
  const writer = async (_: unknown, index: number): Promise<void> => {
    for (let update = 0; update < task.updates; update += 1) {
      await increment(filesystem, task.path, { combine: index % 2 === 1 });
      applied += 1;
    }
  };
  await Promise.all(Array.from({ length: task.writers }, writer));
  return { applied };
}

async function absentRace(
  filesystem: RootFilesystem,
  task: Extract<ChildTask, { task: 'absent-race' }>,
): Promise<{ won: string[] }> {
  const won: string[] = [];
  for (let index = 0; index < task.paths; index += 1) {
    const path = `${task.prefix}/${index}`;
    try {
      await filesystem.put(path, file(task.name), 'absent');
      won.push(path);
    } catch (error) {
      if (!isHoldfastError(error, 'VERSION_MISMATCH')) throw error;
    }
  }
  return { won };
}

async function putEntries(
  filesystem: RootFilesystem,
  task: Extract<ChildTask, { task: 'put-entries' }>,
): Promise<{ versions: (string | undefined)[] }> {
  const versions: (string | undefined)[] = [];
  for (let index = 0; index < task.entries; index += 1) {
    const { version } = await filesystem.put(`${task.prefix}/${index}`, file('same'), 'any');
    versions.push(version);
  }
  return { versions };
}

async function writeUntilKilled(
  filesystem: RootFilesystem,
  task: Extract<ChildTask, { task: 'write-until-killed' }>,
  acknowledge: (message: unknown) => Promise<void>,
): Promise<never> {
  for (let index = 0; ; index += 1) {
    const path = `${task.prefix}/${index}`;
    await filesystem.put(path, file(path.repeat(50)), 'any');
    void acknowledge(path);
    // A driver that never waits would not let the message out.
    await nextTurn();
  }
}

/** Makes the changes of the plan and kills itself: before anything else of it can go on, or while it goes on. */
async function changeUntilKilled(
  filesystem: RootFilesystem,
  task: Extract<ChildTask, { task: 'change-until-killed' }>,
  acknowledge: (message: unknown) => Promise<void>,
): Promise<never> {
  await makeChanges(filesystem, changesOf(task.plan), async (made) => {
    const told = acknowledge(made);
    if (made === task.dies.after) {
      await told;
      if (task.dies.turns === 0) process.kill(process.pid, 'SIGKILL');
      else void dieIn(task.dies.turns);
    }
    // A driver that never waits would not let the message out.
    await nextTurn();
  });
  // Nobody says anything more; but who listens lives on.
  return new Promise(() => process.on('message', () => {}));
}

async function dieIn(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await nextTurn();
  process.kill(process.pid, 'SIGKILL');
}
