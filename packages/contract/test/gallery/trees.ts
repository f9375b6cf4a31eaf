import { HoldfastError, type Child, type DirectoryPath } from '@holdfast/core';
import type { ListRequest, OperationContext, PutRequest } from '@holdfast/core/adapter';
import { shared, type BrokenAdapter } from './support/broken-adapter.ts';
import { BYTES_ONLY, SharedMemory } from './support/shared-memory.ts';

class ListsDirectoriesFirst extends SharedMemory {
  protected override async _list(
    directory: DirectoryPath,
    { after, limit }: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const all = await super._list(directory, { after: undefined, limit: Infinity }, context);
    const sorted = all.toSorted((a, b) => Number(b.isPrefix) - Number(a.isPrefix));
    const start = sorted.findIndex(({ name }) => name === after) + 1;
    return sorted.slice(start, start + limit);
  }
}

class ReplacesWhatIsInTheWay extends SharedMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    for (const other of this.stored.entries.keys()) {
      const inTheWay = other.startsWith(`${request.path}/`) || request.path.startsWith(`${other}/`);
      if (inTheWay) this.stored.delete(other);
    }
    return super._put(request);
  }
}

class RemovesTheParentOnly extends SharedMemory {
  readonly #left = new Set<string>();

  protected override async _put(request: PutRequest): Promise<void> {
    const { path } = request;
    if (this.#left.has(path)) throw new HoldfastError('PATH_CONFLICT', 'it is a directory', { outcome: 'not-applied' });
    await super._put(request);
    // Its parent goes with it, and so does an empty directory in which nothing was, where an entry is put.
    const parts = path.split('/');
    for (let depth = 2; depth < parts.length - 2; depth += 1) this.#left.add(parts.slice(0, depth).join('/'));
  }
}

/** Trees that are no better than flat names. */
export const brokenTrees: readonly BrokenAdapter[] = [
  {
    name: 'lists directories first',
    why: 'An order that is nice to look at, on a tree.',
    createStore: () => shared((store) => new ListsDirectoriesFirst(store, BYTES_ONLY)),
    caughtBy: [
      'list.direct-children',
      'list.order',
      'list.pages',
      'list.after',
      'list.changes-between-pages',
      'list.both',
    ],
  },
  {
    name: 'removes the parent only',
    why: 'rmdir of the directory that an entry was in, and not of those around it.',
    createStore: () => shared((store) => new RemovesTheParentOnly(store, BYTES_ONLY)),
    caughtBy: ['path.entry-with-children'],
    perhapsBy: ['race.entry-against-child', 'path.nasty'],
  },
  {
    name: 'replaces what is in the way',
    why: 'rm -rf before mkdir -p.',
    createStore: () => shared((store) => new ReplacesWhatIsInTheWay(store, BYTES_ONLY)),
    caughtBy: ['path.entry-with-children'],
    perhapsBy: ['race.entry-against-child'],
  },
];
