import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of its own for one test, and a name for a database in it. Removed when disposed of. */
export interface Scratch extends AsyncDisposable {
  readonly directory: string;
  readonly file: string;
}

export async function makeScratch(): Promise<Scratch> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-sqlite-'));
  return {
    directory,
    file: join(directory, 'secret-name.db'),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
