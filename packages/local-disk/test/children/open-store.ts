import { openLocalDisk, type LocalDiskFilesystem } from '../../src/index.ts';

/** How a child process of the contract suite opens the store. */
export function open(input: unknown): Promise<LocalDiskFilesystem> {
  return openLocalDisk({ root: input as string });
}
