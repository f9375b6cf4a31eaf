import type { LocalDiskFilesystem } from '../../src/local-disk-filesystem.ts';
import { openWith, type Internals } from '../../src/open-with.ts';
import type { Scratch } from './scratch.ts';

/** Opens the root of a scratch directory. */
export function openIn(scratch: Scratch, internals: Internals = {}): Promise<LocalDiskFilesystem> {
  return openWith({ root: scratch.root }, internals);
}
