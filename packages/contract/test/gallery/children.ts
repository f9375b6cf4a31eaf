import {
  HoldfastError,
  type Child,
  type DirectoryPath,
  type ListOptions,
  type ListPage,
  type Snapshot,
  type VirtualPath,
} from '@holdfast/core';
import {
  childPrefix,
  compareCodePoints,
  rangeAfter,
  rangeBelow,
  type ListRequest,
  type OperationContext,
  type PutRequest,
} from '@holdfast/core/adapter';
import { alone, wrapping, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory } from './support/good-memory.ts';
import { Passthrough } from './support/passthrough.ts';

class ListsEverythingBelow extends GoodMemory {
  protected override async _list(directory: DirectoryPath, { after, limit }: ListRequest): Promise<readonly Child[]> {
    const prefix = childPrefix(directory);
    const range = after === undefined ? rangeBelow(directory) : rangeAfter(rangeBelow(directory), prefix + after);
    const found = await super._scan(range, limit);
    return found.map(({ path }) => ({ name: path.slice(prefix.length), isEntry: true, isPrefix: false }));
  }
}

class ListsBothTwice extends GoodMemory {
  protected override async _list(
    directory: DirectoryPath,
    { after, limit }: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const all = await super._list(directory, { after, limit }, context);
    return all
      .flatMap((child): Child[] =>
        child.isEntry && child.isPrefix
          ? [
              { ...child, isPrefix: false },
              { ...child, isEntry: false },
            ]
          : [child],
      )
      .slice(0, limit);
  }
}

class SkipsPrefixesOfEntries extends GoodMemory {
  protected override async _list(
    directory: DirectoryPath,
    request: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const children = await super._list(directory, request, context);
    return children.map((child) => (child.isEntry ? { ...child, isPrefix: false } : child));
  }
}

class RefusesMissingDirectories extends GoodMemory {
  protected override async _list(
    directory: DirectoryPath,
    request: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const [found] = await super._scan(rangeBelow(directory), 1);
    if (found === undefined && directory !== '/') throw new HoldfastError('PATH_CONFLICT', 'no such directory');
    return super._list(directory, request, context);
  }
}

class KeepsEmptyDirectories extends GoodMemory {
  readonly #made = new Set<string>();

  protected override async _put(request: PutRequest): Promise<void> {
    await super._put(request);
    const segments = request.path.split('/').slice(1, -1);
    segments.reduce((parent, name) => {
      this.#made.add(`${parent}/${name}`);
      return `${parent}/${name}`;
    }, '');
  }

  protected override async _list(
    directory: DirectoryPath,
    request: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const children = await super._list(directory, request, context);
    const prefix = childPrefix(directory);
    const names = new Set(children.map(({ name }) => name));
    const empty = [...this.#made]
      .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes('/'))
      .map((path) => path.slice(prefix.length))
      .filter((name) => !names.has(name) && (request.after === undefined || compareCodePoints(name, request.after) > 0))
      .map((name): Child => ({ name, isEntry: false, isPrefix: true }));
    return [...children, ...empty].toSorted((a, b) => compareCodePoints(a.name, b.name)).slice(0, request.limit);
  }
}

class LooksAHundredLevelsDeep extends Passthrough {
  override async list(directory: string, options?: ListOptions): Promise<ListPage> {
    const page = await super.list(directory, options);
    return directory.split('/').length > 100 ? { children: [], next: undefined } : page;
  }
}

class ReadsTheSubtree extends GoodMemory {
  protected override async _list(
    directory: DirectoryPath,
    request: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    for (let range = rangeBelow(directory); ;) {
      const page = await this._scan(range, 100);
      const last = page.at(-1);
      if (last === undefined || page.length < 100) break;
      range = rangeAfter(range, last.path);
    }
    return super._list(directory, request, context);
  }
}

class ListsDirectoriesAsEntries extends GoodMemory {
  protected override async _list(
    directory: DirectoryPath,
    request: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    return (await super._list(directory, request, context)).map((child) => ({ ...child, isEntry: true }));
  }

  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    const found = await super._get(path);
    if (found !== undefined) return found;
    const [below] = await super._scan(rangeBelow(path), 1);
    return below && { ...below, path, body: new Uint8Array(0) };
  }
}

/** Listings that show something else than the direct children. */
export const brokenChildren: readonly BrokenAdapter[] = [
  {
    name: 'lists everything below',
    why: 'A flat key space, listed without a delimiter.',
    createStore: () => alone(new ListsEverythingBelow()),
    caughtBy: [
      'list.gone-elsewhere',
      'path.entry-with-children',
      'list.direct-children',
      'list.order',
      'list.pages',
      'list.after',
      'list.changes-between-pages',
      'list.deep',
      'list.after-delete',
      'list.cost',
      'list.both',
    ],
    perhapsBy: ['race.entry-against-child'],
  },
  {
    name: 'lists a child twice that is entry and prefix',
    why: 'Objects and common prefixes come in two lists that were simply joined.',
    createStore: () => alone(new ListsBothTwice()),
    caughtBy: ['path.entry-with-children', 'list.both'],
    perhapsBy: ['race.entry-against-child'],
  },
  {
    name: 'sees no prefix where an entry is',
    why: 'Either a file or a directory, on a backend that has both.',
    createStore: () => alone(new SkipsPrefixesOfEntries()),
    caughtBy: ['path.entry-with-children', 'list.both'],
    perhapsBy: ['race.entry-against-child'],
  },
  {
    name: 'lists directories as entries',
    why: 'An object store with markers for directories.',
    createStore: () => alone(new ListsDirectoriesAsEntries()),
    caughtBy: [
      'list.gone-elsewhere',
      'path.prefix-is-no-entry',
      'path.entry-with-children',
      'list.direct-children',
      'list.deep',
      'list.after-delete',
      'list.both',
    ],
    perhapsBy: ['race.entry-against-child'],
  },
  {
    name: 'refuses missing directories',
    why: 'readdir of what is not there is ENOENT.',
    createStore: () => alone(new RefusesMissingDirectories()),
    caughtBy: ['list.gone-elsewhere', 'list.nothing'],
  },
  {
    name: 'keeps empty directories',
    why: 'mkdir -p on put, but no rmdir on delete.',
    createStore: () => alone(new KeepsEmptyDirectories()),
    caughtBy: ['list.gone-elsewhere', 'list.after-delete'],
    perhapsBy: ['open.amid-writes'],
  },
  {
    name: 'looks a hundred levels deep',
    why: 'A recursion with a limit.',
    createStore: () => wrapping((inner) => new LooksAHundredLevelsDeep(inner)),
    caughtBy: ['list.deep'],
  },
  {
    name: 'reads the whole subtree to list a directory',
    why: 'Lists by scanning everything and taking the first segments.',
    createStore: () => alone(new ReadsTheSubtree()),
    caughtBy: ['list.cost'],
  },
];
