import { join } from 'node:path';
import { makeScratchDirectory } from '@holdfast/test-support';

/** A directory of its own for one test, and a name for a database in it. Removed when disposed of. */
export interface Scratch extends AsyncDisposable {
  readonly directory: string;
  readonly file: string;
}

/** Makes the directory, and nothing in it yet. */
export async function makeScratch(): Promise<Scratch> {
  const { path, remove } = await makeScratchDirectory('sqlite');
  return { directory: path, file: join(path, 'secret-name.db'), [Symbol.asyncDispose]: remove };
}
