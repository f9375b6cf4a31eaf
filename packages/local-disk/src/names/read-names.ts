import type { Dirent } from 'node:fs';
import type { Directory } from '../tree/directory.ts';

/**
 * How many names come with one call of the operating system. Enough that the calls do not count, and few enough
 * that the event loop gets its turn every millisecond or two: between two calls it is free, but the names of one
 * call are handed out without a break.
 */
const NAMES_AT_ONCE = 1024;

/** The names in a directory, as bytes, in no particular order. What is not asked for any more is not read. */
export async function* readNames(directory: Directory): AsyncGenerator<Dirent<Buffer>, void, undefined> {
  // Node takes `buffer` here as it does everywhere else; its types do not know.
  const options = { encoding: 'buffer' as BufferEncoding, bufferSize: NAMES_AT_ONCE };
  const opened: AsyncIterable<unknown> = await directory.calls.opendir(directory.at(''), options);
  yield* opened as AsyncIterable<Dirent<Buffer>>;
}
