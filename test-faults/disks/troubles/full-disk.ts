import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Trouble } from './trouble.ts';

/** How much is left at most, in bytes: a few batches, or one of the larger bodies. */
const MOST_LEFT = 400_000;

const BLOCK = Buffer.alloc(64 * 1024, 'x');

/** The disk of a directory, which has to be a small one, is full, or about to be. */
export function fullDisk(directory: string): Trouble {
  const ballast = join(directory, 'ballast');
  return {
    begin() {
      const file = openSync(ballast, 'w');
      const size = fill(file);
      ftruncateSync(file, Math.max(0, size - Math.floor(Math.random() * MOST_LEFT)));
      closeSync(file);
    },
    end: () => rmSync(ballast),
  };
}

function fill(file: number): number {
  for (let size = 0; ;) {
    try {
      size += writeSync(file, BLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      return size;
    }
  }
}
