import type { Snapshot } from '../../entries/entry.ts';
import type { RootFilesystem } from '../../filesystem/root-filesystem.ts';
import { compareCodePoints, utf8Length } from '../../paths/code-points.ts';
import { parentOf } from '../../paths/path-parts.ts';
import { behind, rangeBelow, startOf } from '../../paths/path-range.ts';
import { MAX_PATH_BYTES, type DirectoryPath, type VirtualPath } from '../../paths/virtual-path.ts';
import type { Series } from '../series.ts';
import { strangersOptions } from '../strangers-options.ts';
import type { EntriesPage } from './entries-page.ts';
import type { EntriesOperation } from './entries.ts';

/**
 * The pages of a filesystem that is asked by its public methods: of one entry each, taken from one iteration of it for
 * as long as they follow one another.
 */
export class StrangersEntries {
  readonly #filesystem: RootFilesystem;
  #inner: AsyncIterator<Snapshot> | undefined;
  #at: string | undefined;

  /** @param series ended with it */
  constructor(filesystem: RootFilesystem, series: Series) {
    this.#filesystem = filesystem;
    series.onEnd(() => this.#end());
  }

  async page(operation: EntriesOperation): Promise<EntriesPage> {
    const { from } = operation.args;
    if (this.#inner !== undefined && this.#at !== from) await this.#end();
    this.#inner ??= this.#begin(operation);
    for (;;) {
      const result = await this.#step(this.#inner);
      if (result.done === true) return { entries: [], next: undefined };
      const { path } = result.value as Partial<Snapshot>;
      // The cursor may have been an earlier one.
      if (typeof path === 'string' && compareCodePoints(path, from) < 0) continue;
      this.#at = typeof path === 'string' ? behind(path) : from;
      return { entries: [result.value], next: this.#at };
    }
  }

  async #step(inner: AsyncIterator<Snapshot>): Promise<IteratorResult<Snapshot>> {
    try {
      return await inner.next();
    } catch (thrown) {
      // What has failed has ended.
      this.#inner = undefined;
      throw thrown;
    }
  }

  #begin(operation: EntriesOperation): AsyncIterator<Snapshot> {
    const { path, from, pageSize, pageBytes } = operation.args;
    const after = cursorBefore(from, path);
    const options = { ...strangersOptions(operation), pageSize, pageBytes };
    return this.#filesystem.entries(path, after === undefined ? options : { ...options, after });
  }

  async #end(): Promise<void> {
    const inner = this.#inner;
    this.#inner = undefined;
    await inner?.return?.();
  }
}

/** A path behind which everything is that is at `from` or behind it; none where that is the beginning. */
function cursorBefore(from: string, directory: DirectoryPath): VirtualPath | undefined {
  if (compareCodePoints(from, rangeBelow(directory).from) <= 0) return undefined;
  let cursor = startOf(from);
  while (cursor !== '/' && utf8Length(cursor) > MAX_PATH_BYTES) cursor = parentOf(cursor);
  return cursor === '/' ? undefined : cursor;
}
