import type { RootFilesystem } from '@holdfast/core';
import { openLocalDisk } from '@holdfast/local-disk';

/** How a child process opens the store: `input` is the root. */
export function open(input: unknown): Promise<RootFilesystem> {
  return openLocalDisk({ root: input as string });
}
