import type { RootFilesystem, Version } from '@holdfast/core';
import { clock } from '@holdfast/core/adapter';
import { nextTurn } from '../support/barrier.ts';
import { inBatches } from '../support/batches.ts';
import { file } from '../support/bodies.ts';
import { LongWrites } from './long-writes.ts';
import { bodyOf, pathOf, stayingPaths, type WritersPlan } from './writers-plan.ts';

/** How many turns of the event loop at most a writer pauses, so that writers do not march in step. */
const PAUSES = 4;

/** How many steps of promises a process lives on after the last write: no turn of the event loop. */
const STEPS = 100;

/** How often it is looked whether a write takes long, in milliseconds. */
const LOOK_EVERY_MS = 1;

/**
 * Writes as the plan says, acknowledging each writer's number of writes, until the process kills itself: in the middle of a
 * write that takes longer than others, or else as soon as the last was acknowledged, or one when the time is over, while others
 * are under way.
 */
export async function runWriters(
  filesystem: RootFilesystem,
  plan: WritersPlan,
  acknowledge: (message: readonly [writer: number, writes: number]) => Promise<void>,
): Promise<never> {
  await inBatches(stayingPaths(plan), (path) => filesystem.put(path, file(path), 'any'));
  const long = new LongWrites();
  const until = clock.now() + plan.mostMs;
  let done = 0;
  const write = async (writer: number, count: number, version: Version | undefined): Promise<Version | undefined> => {
    const path = pathOf(plan, writer, count);
    const body = bodyOf(plan, writer, count);
    const { cas, conditionalDelete } = filesystem.capabilitiesAt(path);
    const expects = cas === 'versioned' && version !== undefined && count % 2 === 1 ? { version } : 'any';
    if (body !== undefined) return (await filesystem.put(path, { body }, expects)).version;
    await filesystem.delete(path, conditionalDelete ? expects : 'any');
    return undefined;
  };
  const writer = async (number: number): Promise<void> => {
    const versions = new Map<string, Version | undefined>();
    for (let count = 0; ; count += 1) {
      const path = pathOf(plan, number, count);
      const ended = long.begin();
      versions.set(path, await write(number, count, versions.get(path)));
      ended();
      // Who listens has it before this process can be killed: what is sent is with the system at once.
      void acknowledge([number, count + 1]);
      done += 1;
      if (done === plan.writes || clock.now() >= until) void dieSoon();
      for (let turn = 0; turn < 1 + ((number + count) % PAUSES); turn += 1) await nextTurn();
    }
  };
  const look = (): void => {
    if (long.isIn(plan.longWrite, plan.share)) die();
    clock.setTimeout(look, LOOK_EVERY_MS);
  };
  if (plan.longWrite > 0) look();
  await Promise.all(Array.from({ length: plan.writers }, (_, number) => writer(number)));
  throw new Error('writers do not end');
}

/** Dies when those that were acknowledged together have told of it, and before anything else can go on. */
async function dieSoon(): Promise<void> {
  for (let step = 0; step < STEPS; step += 1) await Promise.resolve();
  die();
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
