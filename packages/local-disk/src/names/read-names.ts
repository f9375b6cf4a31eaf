import type { Dirent } from 'node:fs';
import { unless } from '../calls/errno.ts';
import type { Directory } from '../tree/directory.ts';
import { decodeName } from './decode-name.ts';

/**
 * How many names come with one call of the operating system. Enough that the calls do not count, and few enough
 * that the event loop gets its turn every millisecond or two: between two calls it is free, but the names of one
 * call are handed out without a break.
 */
const NAMES_AT_ONCE = 1024;

/** What is known of a name: the bytes, and what it is the name of. */
export type Name = Pick<Dirent<Buffer>, 'name' | 'isDirectory' | 'isFile'>;

/** The names in a directory, in no particular order. What is not asked for any more is not read. */
export async function* readNames(directory: Directory): AsyncGenerator<Name, void, undefined> {
  // Node takes `buffer` here as it does everywhere else; its types do not know.
  const options = { encoding: 'buffer' as BufferEncoding, bufferSize: NAMES_AT_ONCE };
  const opened: AsyncIterable<unknown> = await directory.calls.opendir(directory.at(''), options);
  yield* process.versions['bun'] === undefined ? (opened as AsyncIterable<Name>) : askedFor(directory, opened);
}

const GONE: ReadonlySet<string> = new Set(['ENOENT']);

/** Bun, 1.4 for one, gives names as bytes without what they are the names of: that costs one more call for each. */
async function* askedFor(directory: Directory, entries: AsyncIterable<unknown>): AsyncGenerator<Name, void, undefined> {
  for await (const entry of entries) {
    const name = ArrayBuffer.isView(entry) ? await askFor(directory, entry as Buffer) : (entry as Name);
    if (name !== undefined) yield name;
  }
}

async function askFor(directory: Directory, name: Buffer): Promise<Name | undefined> {
  const segment = decodeName(name);
  const found = segment === undefined ? undefined : await unless(GONE, directory.calls.lstat(directory.at(segment)));
  return found && { name, isDirectory: () => found.isDirectory(), isFile: () => found.isFile() };
}
