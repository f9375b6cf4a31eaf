import { HoldfastError, type Snapshot, type VirtualPath } from '@holdfast/core';
import {
  compareCodePoints,
  rangeBelow,
  type DeleteRequest,
  type PathRange,
  type ScanContext,
} from '@holdfast/core/adapter';
import { alone, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory, mismatch } from './support/good-memory.ts';

class IgnoresTheVersionOfDelete extends GoodMemory {
  protected override _delete(request: DeleteRequest): Promise<boolean> {
    return super._delete({ ...request, expectation: 'any' });
  }
}

class IsContentWhenNothingIsThere extends GoodMemory {
  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    if ((await super._get(request.path)) === undefined) return false;
    return super._delete(request);
  }
}

class RefusesToDeleteNothing extends GoodMemory {
  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    if ((await super._get(request.path)) === undefined) throw mismatch();
    return super._delete(request);
  }
}

class AlwaysSaysDeleted extends GoodMemory {
  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    await super._delete(request);
    return true;
  }
}

class NeverSaysDeleted extends GoodMemory {
  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    await super._delete(request);
    return false;
  }
}

class MatchesNoVersionOnDelete extends GoodMemory {
  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    if (typeof request.expectation === 'object') throw mismatch();
    return super._delete(request);
  }
}

/** Keeps what was deleted, without its body. */
class KeepsTombstones extends GoodMemory {
  protected readonly tombstones = new Map<string, Snapshot>();

  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    const there = await super._get(request.path);
    const deleted = await super._delete(request);
    if (deleted && there !== undefined) this.tombstones.set(request.path, { ...there, body: new Uint8Array(0) });
    return deleted;
  }
}

class ReadsTombstones extends KeepsTombstones {
  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    return (await super._get(path)) ?? this.tombstones.get(path);
  }
}

class ListsTombstones extends KeepsTombstones {
  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const found = await super._scan(range, limit, context);
    const there = new Set(found.map(({ path }) => path));
    const dead = [...this.tombstones.values()].filter(
      ({ path }) =>
        compareCodePoints(path, range.from) >= 0 && compareCodePoints(path, range.below) < 0 && !there.has(path),
    );
    return [...found, ...dead].toSorted((a, b) => compareCodePoints(a.path, b.path)).slice(0, limit);
  }
}

class DeletesRecursively extends GoodMemory {
  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    const deleted = await super._delete(request);
    for (const { path } of await super._scan(rangeBelow(request.path), Infinity)) {
      await super._delete({ path, expectation: 'any' });
    }
    return deleted;
  }
}

/** How many handles there are. */
const HANDLES = 40;

/** Opens what it is to delete, and closes what it has deleted. */
class KeepsHandlesOfNothing extends GoodMemory {
  #left = HANDLES;

  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    if (this.#left <= 0) throw new HoldfastError('BUSY', 'no handle is left', { outcome: 'not-applied' });
    const deleted = await super._delete(request);
    if (!deleted) this.#left -= 1;
    return deleted;
  }
}

/** Deletes that do too much, too little, or tell the wrong story. */
export const brokenDeletes: readonly BrokenAdapter[] = [
  {
    name: 'keeps a handle of everything that was not there to delete',
    why: 'What was opened is closed at the end of a function that has returned before.',
    createStore: () => alone(new KeepsHandlesOfNothing()),
    caughtBy: ['error.many'],
    perhapsBy: ['race.*', 'cas.*', 'list.*', 'abort.every-moment'],
  },
  {
    name: 'ignores the version of a delete',
    why: 'A DELETE whose WHERE clause forgot the version.',
    createStore: () => alone(new IgnoresTheVersionOfDelete()),
    caughtBy: [
      'gate.conditional-delete',
      'expectation.delete-foreign-version-on-*',
      'expectation.delete-stale-version-on-*',
      'version.no-aba-after-recreate',
      'hostile.token',
      'race.delete-version',
      'race.put-against-delete',
    ],
  },
  {
    name: 'is content when nothing is there to delete',
    why: 'Zero rows deleted is taken for "gone already", also when a version was expected.',
    createStore: () => alone(new IsContentWhenNothingIsThere()),
    caughtBy: ['expectation.delete-foreign-version-on-never-written', 'expectation.delete-*-version-on-deleted'],
  },
  {
    name: 'refuses to delete nothing',
    why: 'Zero rows deleted is taken for a mismatch, also when none was expected.',
    createStore: () => alone(new RefusesToDeleteNothing()),
    caughtBy: [
      'expectation.delete-any-on-never-written',
      'expectation.delete-any-on-deleted',
      'path.prefix-is-no-entry',
    ],
  },
  {
    name: 'always says deleted',
    why: 'The answer of an HTTP DELETE, which is 204 either way.',
    createStore: () => alone(new AlwaysSaysDeleted()),
    caughtBy: [
      'path.prefix-is-no-entry',
      'expectation.delete-any-on-never-written',
      'expectation.delete-any-on-deleted',
    ],
  },
  {
    name: 'never says deleted',
    why: 'The number of rows is read from the wrong field of the answer.',
    createStore: () => alone(new NeverSaysDeleted()),
    caughtBy: [
      'expectation.delete-any-on-present',
      'expectation.delete-current-version-on-*',
      'expectation.delete-any-on-recreated',
      'bytes.empty',
      'path.nasty',
      'path.longest',
    ],
    perhapsBy: ['race.entry-against-child'],
  },
  {
    name: 'matches no version on delete',
    why: 'The version is bound with another type than that of the column, so that it equals nothing.',
    createStore: () => alone(new MatchesNoVersionOnDelete()),
    caughtBy: [
      'expectation.delete-current-version-on-*',
      'race.delete-version',
      'cas.delete',
      'cas.delete-and-recreate',
      'cas.cost',
      'reply.delete',
    ],
  },
  {
    name: 'reads tombstones',
    why: 'A soft delete that the read forgot to filter.',
    createStore: () => alone(new ReadsTombstones()),
    caughtBy: [
      'expectation.delete-any-on-present',
      'expectation.delete-current-version-on-*',
      'expectation.delete-any-on-deleted',
      'expectation.delete-any-on-recreated',
      'race.delete-version',
      'abort.every-moment',
      'cas.delete',
      'cas.delete-and-recreate',
      'cas.recreated-meanwhile',
      'cas.cost',
      'reply.delete',
    ],
    perhapsBy: ['open.amid-writes', 'race.entry-against-child'],
  },
  {
    name: 'lists tombstones',
    why: 'A soft delete that the scan forgot to filter.',
    createStore: () => alone(new ListsTombstones()),
    caughtBy: [
      'entries.pages-as-of-now',
      'entries.early-end',
      'list.gone-elsewhere',
      'bytes.kind',
      'path.entry-with-children',
      'list.after-delete',
      'entries.across-instances',
    ],
    perhapsBy: ['open.amid-writes', 'race.entry-against-child'],
  },
  {
    name: 'deletes what is below',
    why: 'rm -r, or DELETE … WHERE path LIKE prefix.',
    createStore: () => alone(new DeletesRecursively()),
    caughtBy: ['path.prefix-is-no-entry', 'path.entry-with-children'],
    perhapsBy: ['race.entry-against-child'],
  },
];
