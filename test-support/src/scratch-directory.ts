import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of its own for one test, removed with all that is in it when disposed of. */
export interface ScratchDirectory extends AsyncDisposable {
  readonly path: string;
  /** The same as disposing of it. */
  readonly remove: () => Promise<void>;
}

/** Makes a new, empty directory among the temporary files of the host. Its name begins with `holdfast-` and `name`. */
export async function makeScratchDirectory(name: string): Promise<ScratchDirectory> {
  return makeIn(tmpdir(), name);
}

/** The same for what is about disks: on one also where `npm test` has temporary files kept in memory. */
export async function makeScratchDirectoryOnDisk(name: string): Promise<ScratchDirectory> {
  return makeIn(process.env['HOLDFAST_DISK'] ?? tmpdir(), name);
}

async function makeIn(parent: string, name: string): Promise<ScratchDirectory> {
  const path = await mkdtemp(join(parent, `holdfast-${name}-`));
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true });
  return { path, remove, [Symbol.asyncDispose]: remove };
}
