import type { Child, DirectoryPath } from '@holdfast/core';
import {
  childPrefix,
  rangeBelow,
  type DeleteRequest,
  type ListRequest,
  type OperationContext,
} from '@holdfast/core/adapter';
import { alone, shared, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory, nextTurn } from './support/good-memory.ts';
import { SHARED, SharedMemory, type SharedStore } from './support/shared-memory.ts';

/** Reads the names of a page first, and asks of each what it is afterwards. */
class AsksWhatEachChildIs extends GoodMemory {
  protected override async _list(
    directory: DirectoryPath,
    request: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const children = await super._list(directory, request, context);
    await nextTurn();
    const there: Child[] = [];
    for (const child of children) {
      const { name } = child;
      const after = name.slice(0, -1);
      const again = await super._list(directory, { after: after === '' ? undefined : after, limit: 1000 }, context);
      if (again.some((other) => other.name === name)) there.push(child);
    }
    return there;
  }
}

/** Remembers the directories it has listed until it deletes something itself. */
class RemembersDirectories extends SharedMemory {
  readonly #known = new Set<string>();

  protected override async _list(
    directory: DirectoryPath,
    request: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const children = await super._list(directory, request, context);
    const first = request.after === undefined && children.length === 0;
    const prefix = childPrefix(directory);
    if (first && this.#known.has(prefix)) return [{ name: 'remembered', isEntry: false, isPrefix: true }];
    if (children.length > 0) this.#known.add(prefix);
    return children;
  }

  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    this.#known.clear();
    return super._delete(request);
  }
}

/** How many entries below a directory it looks at. */
const LOOKS_AT = 1200;

/** Finds the children of a directory among the entries below it, as far as it looks. */
class LooksAtSoManyEntries extends GoodMemory {
  protected override async _list(
    directory: DirectoryPath,
    request: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const children = await super._list(directory, request, context);
    const below = await super._scan(rangeBelow(directory), LOOKS_AT + 1);
    const last = below.length > LOOKS_AT ? below.at(-1) : undefined;
    if (last === undefined) return children;
    const reached = last.path.slice(childPrefix(directory).length).split('/')[0] as string;
    return children.filter(({ name }) => name <= reached);
  }
}

/** How many entries it loads. */
const LOADED = 100;

class LoadsSoManyEntries extends SharedMemory {
  constructor(stored: SharedStore) {
    for (const path of [...stored.entries.keys()].slice(LOADED)) stored.delete(path);
    super(stored, { ...SHARED, sharing: 'instance' });
  }
}

/** What shows among many entries, or many writers, only. */
export const brokenAmongMany: readonly BrokenAdapter[] = [
  {
    name: 'asks what each child is after it has read their names',
    why: 'readdir, then stat: a page that is short of what has gone meanwhile is taken for the last.',
    createStore: () => alone(new AsksWhatEachChildIs()),
    caughtBy: ['list.restless-writers'],
  },
  {
    name: 'remembers the directories it has listed',
    why: 'A cache of directories that is emptied by the deletes of its own instance only.',
    createStore: () => shared((store) => new RemembersDirectories(store)),
    caughtBy: ['list.gone-elsewhere'],
  },
  {
    name: 'looks at so many entries below a directory',
    why: 'A listing of all keys below, which the backend cuts off.',
    createStore: () => alone(new LooksAtSoManyEntries()),
    caughtBy: ['list.large-child'],
  },
  {
    name: 'loads so many entries when it is opened',
    why: 'A default LIMIT of the driver where all rows were meant.',
    createStore: () => shared((store) => new LoadsSoManyEntries(store)),
    caughtBy: ['durability.reopen-many'],
    perhapsBy: ['durability.killed-at-once'],
  },
];
