import { restated, type Clock } from '@holdfast/core/adapter';
import { FILE_CALLS, type FileCalls } from './calls/file-calls.ts';
import { diskError } from './errors.ts';
import { LocalDiskFilesystem } from './local-disk-filesystem.ts';
import { parseOptions, type LocalDiskOptions } from './options.ts';
import { resolveRoot } from './resolve-root.ts';
import { chooseContainment } from './tree/choose-containment.ts';
import type { Containment } from './tree/containment.ts';
import { Tree } from './tree/tree.ts';
import { DurableDirectories } from './write/durable-directories.ts';

/** What tests put in the place of the real thing. */
export interface Internals {
  readonly calls?: FileCalls;
  readonly containment?: Containment;
  readonly clock?: Clock;
}

/** `openLocalDisk`, with parts of it replaced. */
export async function openWith(options: LocalDiskOptions, internals: Internals = {}): Promise<LocalDiskFilesystem> {
  try {
    const { root, create, maxBodyBytes } = parseOptions(options);
    const calls = internals.calls ?? FILE_CALLS;
    const found = await resolveRoot(calls, root, create);
    try {
      const containment = internals.containment ?? (await chooseContainment(calls, found));
      const tree = new Tree({ calls, containment, root: found });
      const disk = { calls, tree, durable: new DurableDirectories(), maxBodyBytes };
      return new LocalDiskFilesystem(disk, internals.clock);
    } catch (error) {
      await found.close();
      throw error;
    }
  } catch (thrown) {
    throw restated(diskError(thrown), { operation: 'open' });
  }
}
