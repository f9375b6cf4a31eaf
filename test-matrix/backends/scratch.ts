import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new, empty directory of the host's file system. */
export async function makeScratch(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'holdfast-matrix-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
