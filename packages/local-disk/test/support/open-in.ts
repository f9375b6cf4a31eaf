import { FILE_CALLS, type FileCalls } from '../../src/calls/file-calls.ts';
import type { LocalDiskFilesystem } from '../../src/local-disk-filesystem.ts';
import { openWith, type Internals } from '../../src/open-with.ts';
import type { Scratch } from './scratch.ts';

/** Opens the root of a scratch directory. Calls that are put in the place of the real ones are made once it is open. */
export async function openIn(scratch: Scratch, internals: Internals = {}): Promise<LocalDiskFilesystem> {
  let current = FILE_CALLS;
  const calls = new Proxy(FILE_CALLS, { get: (_, name) => current[name as keyof FileCalls] });
  const disk = await openWith({ root: scratch.root }, { ...internals, calls });
  current = internals.calls ?? FILE_CALLS;
  return disk;
}
