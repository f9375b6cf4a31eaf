import type { RootFilesystem } from '@holdfast/core';
import type { Change } from './change.ts';

/** Makes one change after the other, whatever is there; calls back after each of them. */
export async function makeChanges(
  filesystem: RootFilesystem,
  changes: readonly Change[],
  made: (count: number) => Promise<void> | void,
): Promise<void> {
  for (const [index, { path, entry }] of changes.entries()) {
    if (entry === undefined) await filesystem.delete(path, 'any');
    else await filesystem.put(path, entry, 'any');
    await made(index + 1);
  }
}
