import { setTimeout as pause } from 'node:timers/promises';
import type { RootFilesystem } from '@holdfast/core';
import { openMemory } from '@holdfast/memory';
import { intercept } from '../call-sites/backends/intercept.ts';

/** How long a slow store takes, in milliseconds, one call after the other: less than a deadline, and more. */
const SLOW_MS = [20, 90, 180, 300];

const METHODS = ['_get', '_getMany', '_list', '_scan', '_put', '_delete', '_commit'];

/** A store in memory each of whose calls is preceded by something. */
function preceded(before: () => Promise<unknown>): RootFilesystem {
  const store = openMemory();
  for (const method of METHODS) intercept(store, method, async (real) => before().then(real));
  return store;
}

/** What never comes. */
export const never = (): Promise<void> => new Promise(() => {});

/** What comes after a while. */
export function slowly(): () => Promise<void> {
  let call = 0;
  return () => pause(SLOW_MS[(call += 1) % SLOW_MS.length]);
}

/** A store that answers nothing. */
export const hanging = (): RootFilesystem => preceded(never);

/** A store that takes its time. */
export const slow = (): RootFilesystem => preceded(slowly());
