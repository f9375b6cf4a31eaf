import { HoldfastError, type VirtualPath } from '@holdfast/core';
import { childPrefix, type DeleteRequest, type PutRequest } from '@holdfast/core/adapter';
import { alone, shared, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory, mismatch, nextTurn } from './support/good-memory.ts';
import { BYTES_ONLY, SharedMemory } from './support/shared-memory.ts';

/** Stores a large body beside the rest, in steps. */
class StoresLargeBodiesBeside extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    const { path, entry, expectation } = request;
    if (entry.body.length <= 2 ** 16 || expectation === 'any') return super._put(request);
    const stored = await super._get(path);
    const holds = expectation === 'absent' ? stored === undefined : stored?.version === expectation.version;
    if (!holds) throw mismatch();
    await nextTurn();
    return super._put({ ...request, expectation: 'any' });
  }
}

/** Looks whether there is something to delete before it deletes. */
class LooksBeforeItDeletes extends GoodMemory {
  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    if (request.expectation !== 'any') return super._delete(request);
    const there = (await super._get(request.path)) !== undefined;
    await nextTurn();
    await super._delete(request);
    return there;
  }
}

/** How many locks there is room for. */
const LOCKS = 100;

/** Checks and writes under a lock, of which the oldest is thrown away when there are too many. */
class KeepsSoManyLocks extends GoodMemory {
  readonly #locks = new Map<string, Promise<unknown>>();

  protected override _put(request: PutRequest): Promise<void> {
    return this.#alone(request.path, async () => {
      const { path, expectation } = request;
      const stored = await super._get(path);
      await nextTurn();
      const holds =
        expectation === 'any' ||
        (expectation === 'absent' ? stored === undefined : stored?.version === expectation.version);
      if (!holds) throw mismatch();
      return super._put({ ...request, expectation: 'any' });
    });
  }

  protected override _delete(request: DeleteRequest): Promise<boolean> {
    return this.#alone(request.path, () => super._delete(request));
  }

  #alone<T>(path: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#locks.get(path) ?? Promise.resolve()).then(work, work);
    this.#locks.delete(path);
    this.#locks.set(
      path,
      turn.catch(() => {}),
    );
    const [oldest] = this.#locks.keys();
    if (this.#locks.size > LOCKS && oldest !== undefined) this.#locks.delete(oldest);
    return turn;
  }
}

function isOnTheWay(path: string, other: string): boolean {
  return path.startsWith(childPrefix(other as VirtualPath)) || other.startsWith(childPrefix(path as VirtualPath));
}

/** Refuses to write below what is being written. */
class LocksTheWayDown extends GoodMemory {
  readonly #writing: string[] = [];

  protected override async _put(request: PutRequest): Promise<void> {
    if (this.#writing.some((other) => isOnTheWay(request.path, other)))
      throw new HoldfastError('PATH_CONFLICT', 'the directory is being written');
    this.#writing.push(request.path);
    await nextTurn();
    this.#writing.splice(this.#writing.indexOf(request.path), 1);
    return super._put(request);
  }
}

/** Looks whether anything is in the way before it writes. */
class LooksWhatIsInTheWay extends SharedMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    for (const other of this.stored.entries.keys()) {
      if (isOnTheWay(request.path, other)) throw new HoldfastError('PATH_CONFLICT', 'something is in the way');
    }
    await nextTurn();
    const { path, entry, expectation } = request;
    this.expect(path, expectation);
    this.stored.set(path, { path, ...entry, version: undefined });
  }
}

/** Races that are lost over one shape only. */
export const brokenShapes: readonly BrokenAdapter[] = [
  {
    name: 'stores large bodies beside, in steps',
    why: 'What does not fit into a row is uploaded after the version was compared.',
    createStore: () => alone(new StoresLargeBodiesBeside()),
    caughtBy: ['race.every-shape'],
  },
  {
    name: 'tells everybody who deletes at once that it has deleted',
    why: 'SELECT, then DELETE, and the answer is that of the SELECT.',
    createStore: () => alone(new LooksBeforeItDeletes()),
    caughtBy: ['race.every-shape'],
  },
  {
    name: 'keeps a hundred locks',
    why: 'A table of locks that makes room by throwing away one that is held.',
    createStore: () => alone(new KeepsSoManyLocks()),
    caughtBy: ['race.every-shape'],
  },
  {
    name: 'refuses an entry while one below it is being written',
    why: 'Locks along the path, and impatience, where nothing is in the way.',
    createStore: () => alone(new LocksTheWayDown()),
    caughtBy: ['race.entry-against-child'],
  },
  {
    name: 'looks what is in the way before it writes',
    why: 'A tree in a flat key space: whether there is a file above is asked first, and by two at once.',
    createStore: () => shared((store) => new LooksWhatIsInTheWay(store, BYTES_ONLY)),
    caughtBy: ['race.entry-against-child'],
  },
];
