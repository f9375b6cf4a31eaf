import type { RootFilesystem, Version } from '@holdfast/core';
import type { Change } from './change.ts';

/**
 * Makes one change after the other; calls back after each of them. Where there are versions, every other one is on the
 * version of what is there, since a store may go another way with those. `versions` is what is known of changes before.
 */
export async function makeChanges(
  filesystem: RootFilesystem,
  changes: readonly Change[],
  made: (count: number) => Promise<void> | void,
  versions: Map<string, Version | undefined> = new Map(),
): Promise<void> {
  for (const [index, { path, entry, on = index % 2 === 0 ? 'any' : 'version' }] of changes.entries()) {
    const { conditionalDelete } = filesystem.capabilitiesAt(path);
    const known = on === 'any' ? undefined : versions.get(path);
    const expectation = known === undefined ? 'any' : { version: known };
    if (entry !== undefined) versions.set(path, (await filesystem.put(path, entry, expectation)).version);
    else {
      await filesystem.delete(path, conditionalDelete ? expectation : 'any');
      versions.delete(path);
    }
    await made(index + 1);
  }
}
