import type { Snapshot, VirtualPath } from '@holdfast/core';
import { compareCodePoints } from '@holdfast/core/adapter';
import { alone, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory } from './support/good-memory.ts';

type Found = readonly (Snapshot | undefined)[];

/** Reads many at once, as it should. */
class ReadsMany extends GoodMemory {
  protected override _getMany(paths: readonly VirtualPath[]): Promise<Found> {
    return Promise.all(paths.map((path) => this._get(path)));
  }
}

/** Answers as the index has them. */
class AnswersInOrderOfPaths extends ReadsMany {
  protected override _getMany(paths: readonly VirtualPath[]): Promise<Found> {
    return super._getMany(paths.toSorted(compareCodePoints));
  }
}

/** Answers what `in (…)` finds. */
class AnswersWhatIsThere extends ReadsMany {
  protected override async _getMany(paths: readonly VirtualPath[]): Promise<Found> {
    return (await super._getMany(paths)).filter((found) => found !== undefined);
  }
}

/** Keeps the place of each path, and of a path that is there twice the last. */
class KeepsOnePlace extends ReadsMany {
  protected override async _getMany(paths: readonly VirtualPath[]): Promise<Found> {
    const places = new Map(paths.map((path, place) => [path, place]));
    return (await super._getMany(paths)).map((found, place) =>
      places.get(paths[place] as VirtualPath) === place ? found : undefined,
    );
  }
}

/** Reads what is there twice once. */
class ReadsEachOnce extends ReadsMany {
  protected override async _getMany(paths: readonly VirtualPath[]): Promise<Found> {
    const unique = [...new Set(paths)];
    const found = await super._getMany(unique);
    return paths.map((path) => found[unique.indexOf(path)]);
  }
}

/** Has only as much as fits. */
class LeavesOutWhatIsLong extends ReadsMany {
  protected override async _getMany(paths: readonly VirtualPath[]): Promise<Found> {
    return (await super._getMany(paths)).map((found) =>
      found !== undefined && found.body.length > 65_536 ? undefined : found,
    );
  }
}

/** Selects fewer columns. */
class LeavesOutTheIndex extends ReadsMany {
  protected override async _getMany(paths: readonly VirtualPath[]): Promise<Found> {
    return (await super._getMany(paths)).map((found) => found && { ...found, indexed: undefined });
  }
}

/** Cuts the bodies out of one answer. */
class SharesMemory extends ReadsMany {
  protected override async _getMany(paths: readonly VirtualPath[]): Promise<Found> {
    const found = await super._getMany(paths);
    const all = new Uint8Array(found.reduce((sum, each) => sum + (each?.body.length ?? 0), 0));
    let at = 0;
    return found.map((each) => {
      if (each === undefined) return undefined;
      const body = all.subarray(at, (at += each.body.length));
      body.set(each.body);
      return { ...each, body };
    });
  }
}

/** Keeps what it has read for the next who asks. */
class AsksACache extends ReadsMany {
  readonly #cache = new Map<string, Snapshot>();

  protected override async _getMany(paths: readonly VirtualPath[]): Promise<Found> {
    const found = await super._getMany(paths);
    return found.map((each, place) => {
      const path = paths[place] as VirtualPath;
      const kept = this.#cache.get(path) ?? each;
      if (kept === undefined) return undefined;
      this.#cache.set(path, kept);
      return { ...kept, body: new Uint8Array(kept.body) };
    });
  }
}

/** Mistakes of reading many at once. */
export const brokenManyGets: readonly BrokenAdapter[] = [
  {
    name: 'answers in the order of the paths',
    why: 'the rows of a statement come as the index has them, whatever the order of its arguments',
    caughtBy: ['get-many.*'],
    createStore: () => alone(new AnswersInOrderOfPaths()),
  },
  {
    name: 'answers only what is there',
    why: 'a statement has no row for what is missing, and all behind it move up',
    caughtBy: ['get-many.places', 'get-many.latest'],
    createStore: () => alone(new AnswersWhatIsThere()),
  },
  {
    name: 'keeps one place for each path',
    why: 'rows are put in their places by a map of the paths, in which each is once',
    caughtBy: ['get-many.places', 'get-many.own-bytes'],
    createStore: () => alone(new KeepsOnePlace()),
  },
  {
    name: 'reads what is asked for twice once',
    why: 'the same snapshot is given out twice, with one body for both',
    caughtBy: ['get-many.own-bytes'],
    createStore: () => alone(new ReadsEachOnce()),
  },
  {
    name: 'leaves long bodies out of what it reads at once',
    why: 'an answer is bounded, and nobody asks for the rest',
    caughtBy: ['get-many.places'],
    createStore: () => alone(new LeavesOutWhatIsLong()),
  },
  {
    name: 'leaves the index out of what it reads at once',
    why: 'a second statement over the same table has other columns',
    caughtBy: ['get-many.places'],
    createStore: () => alone(new LeavesOutTheIndex()),
  },
  {
    name: 'cuts what it reads at once out of one buffer',
    why: 'a driver gives the bodies of an answer as parts of it, which holds the whole for as long as one is kept',
    caughtBy: ['get-many.places'],
    createStore: () => alone(new SharesMemory()),
  },
  {
    name: 'reads many through a cache',
    why: 'a loader that puts calls together keeps what it has loaded',
    caughtBy: ['get-many.latest'],
    createStore: () => alone(new AsksACache()),
  },
];
