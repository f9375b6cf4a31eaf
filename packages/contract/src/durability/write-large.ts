import type { RootFilesystem } from '@holdfast/core';
import { clock } from '@holdfast/core/adapter';
import { taggedBody } from '../history/tagged-body.ts';
import { nextTurn } from '../support/barrier.ts';

/** Large bodies that a process writes until it is killed in the midst of them. Survives JSON. */
export interface LargeWritesPlan {
  /** Below what all of it is. */
  readonly directory: string;
  /** The length of each body, in bytes. */
  readonly length: number;
  /** When it is killed: by what part of the time that those at once would take one after the other. */
  readonly share: number;
}

/** How many are put one after the other first, which shows how long one takes, and then how many at once. */
const FIRST = 3;
const AT_ONCE = 6;

/** The paths of those that are put one after the other, in this order. */
export function firstPaths({ directory }: LargeWritesPlan): string[] {
  return Array.from({ length: FIRST }, (_, index) => `${directory}/first/${index}`);
}

/** The paths of those that are under way when the process is killed. */
export function pathsAtOnce({ directory }: LargeWritesPlan): string[] {
  return Array.from({ length: AT_ONCE }, (_, index) => `${directory}/at-once/${index}`);
}

/** Puts as the plan says, acknowledging how many of the first are done, and kills its own process. */
export async function writeLargeUntilKilled(
  filesystem: RootFilesystem,
  plan: LargeWritesPlan,
  acknowledge: (done: number) => Promise<void>,
): Promise<never> {
  const lastedMs: number[] = [];
  for (const [index, path] of firstPaths(plan).entries()) {
    const begun = clock.now();
    await filesystem.put(path, { body: taggedBody(`${index}`, plan.length) }, 'any');
    lastedMs.push(clock.now() - begun);
    await acknowledge(index + 1);
  }
  const dies = clock.now() + plan.share * AT_ONCE * Math.min(...lastedMs);
  for (const [index, path] of pathsAtOnce(plan).entries()) {
    filesystem.put(path, { body: taggedBody(`${index}`, plan.length) }, 'any').catch(() => {});
  }
  // Not a timer, which is late by as much as one of them takes.
  while (clock.now() < dies) await nextTurn();
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}
