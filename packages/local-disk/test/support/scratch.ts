import { mkdir, readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { makeScratchDirectoryOnDisk } from '@holdfast/test-support';

/** A root to open, and a directory beside it that nothing may touch. Removed when disposed of. */
export interface Scratch extends AsyncDisposable {
  readonly base: string;
  readonly root: string;
  readonly outside: string;
  /** What `openLocalDisk` takes to open the root. */
  readonly open: { readonly root: string };
}

/** Makes both directories, empty. */
export async function makeScratch(): Promise<Scratch> {
  const { path, remove } = await makeScratchDirectoryOnDisk('local-disk');
  const base = await realpath(path);
  const [root, outside] = [join(base, 'root'), join(base, 'outside')];
  await mkdir(root);
  await mkdir(outside);
  return {
    base,
    root,
    outside,
    open: { root },
    [Symbol.asyncDispose]: remove,
  };
}

/** Everything below a directory of the host: `name` or `name/` or `name -> link`, and the text of files. */
export async function snapshotOf(directory: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(directory.length + 1);
    found[name] = entry.isFile() ? await readFile(path, 'utf8') : entry.isDirectory() ? 'directory' : 'other';
  }
  return found;
}

/** The temporary files below a directory of the host. */
export async function tempsBelow(directory: string): Promise<string[]> {
  return (await readdir(directory, { recursive: true })).filter((name) => name.includes('.holdfast-'));
}
