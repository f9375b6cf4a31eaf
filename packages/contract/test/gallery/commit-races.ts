import { HoldfastError, type Snapshot } from '@holdfast/core';
import {
  compareCodePoints,
  type CommitRequest,
  type OperationContext,
  type PathRange,
  type PutRequest,
  type ScanContext,
} from '@holdfast/core/adapter';
import { inAFile } from './processes.ts';
import { alone, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodCommits } from './support/good-commits.ts';
import { nextTurn } from './support/good-memory.ts';

/** Looks whether everything holds, and makes its changes afterwards. */
class ChecksThenCommits extends GoodCommits {
  protected override async _commit(request: CommitRequest): Promise<void> {
    await this.refuseUnmet(request);
    await nextTurn();
    return this.makeAll(request);
  }
}

/** Locks what it writes, and reads what it checks before that. */
class LocksOnlyWhatItWrites extends GoodCommits {
  protected override async _commit(request: CommitRequest): Promise<void> {
    await this.refuseUnmet(request);
    await nextTurn();
    return super._commit({ ...request, changes: request.changes.filter(({ change }) => change !== 'check') });
  }
}

/** Locks the rows that it reads, and those that are not there it cannot. */
class LocksOnlyWhatIsThere extends GoodCommits {
  protected override async _commit(request: CommitRequest): Promise<void> {
    await this.refuseUnmet(request);
    await nextTurn();
    const isLocked = ({ change, expectation }: CommitRequest['changes'][number]): boolean =>
      change !== 'check' || expectation !== 'absent';
    return super._commit({ ...request, changes: request.changes.filter(isLocked) });
  }
}

/** Refuses one of two that are in each other's way, and looks no further. */
class LooksForPairs extends GoodCommits {
  readonly #underWay = new Set<CommitRequest>();

  protected override async _commit(request: CommitRequest): Promise<void> {
    await this.refuseUnmet(request);
    for (const other of this.#underWay) {
      if (writesWhatIsChecked(request, other) && writesWhatIsChecked(other, request)) {
        throw new HoldfastError('BUSY', 'another commit is in the way', { outcome: 'not-applied' });
      }
    }
    this.#underWay.add(request);
    try {
      await nextTurn();
      await super._commit({ ...request, changes: request.changes.filter(({ change }) => change !== 'check') });
    } finally {
      this.#underWay.delete(request);
    }
  }
}

function writesWhatIsChecked(writing: CommitRequest, checking: CommitRequest): boolean {
  const checked = new Set(checking.changes.filter(({ change }) => change === 'check').map(({ path }) => path));
  return writing.changes.some(({ change, path }) => change !== 'check' && checked.has(path));
}

/** Lets one commit after the other in. */
abstract class OneAfterTheOther extends GoodCommits {
  #last: Promise<unknown> = Promise.resolve();

  protected turn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

/** Writes one entry after the other, under a lock that readers do not take. */
class LetsReadersWatch extends OneAfterTheOther {
  protected override _commit(request: CommitRequest): Promise<void> {
    return this.turn(async () => {
      await this.refuseUnmet(request);
      for (const change of request.changes) {
        await this.make(change);
        await nextTurn();
      }
    });
  }
}

/** Has a lock for commits, of which single writes know nothing. */
class CommitsBesideSingleWrites extends OneAfterTheOther {
  protected override _commit(request: CommitRequest): Promise<void> {
    return this.turn(async () => {
      await this.refuseUnmet(request);
      await nextTurn();
      return this.makeAll(request);
    });
  }
}

/** Reads a page in two halves. */
class ReadsHalvesOfPages extends GoodCommits {
  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const before = await super._scan(range, limit, context);
    await nextTurn();
    const after = await super._scan(range, limit, context);
    const half = before.at(Math.floor(before.length / 2))?.path;
    if (half === undefined) return after;
    const isFirst = ({ path }: Snapshot): boolean => compareCodePoints(path, half) < 0;
    return [...before.filter(isFirst), ...after.filter((entry) => !isFirst(entry))].slice(0, limit);
  }
}

/** How many turns of the event loop somebody waits for a lock. */
const PATIENCE = 50;

/** Locks one path after the other, in the order of the changes. */
class LocksInTheOrderOfChanges extends GoodCommits {
  readonly #locked = new Set<string>();

  protected override async _commit(request: CommitRequest): Promise<void> {
    const held: string[] = [];
    try {
      for (const { path } of request.changes) {
        for (let turn = 0; this.#locked.has(path); turn += 1) {
          if (turn > PATIENCE)
            throw new HoldfastError('BACKEND_FAILED', 'deadlock detected', { outcome: 'not-applied' });
          await nextTurn();
        }
        this.#locked.add(path);
        held.push(path);
        await nextTurn();
      }
      await super._commit(request);
    } finally {
      for (const path of held) this.#locked.delete(path);
    }
  }
}

/** How many commits there are locks for at once. */
const LOCKS = 4;

/** Lets those go ahead for whom there is no lock. */
class HasLocksForSoMany extends GoodCommits {
  #underWay = 0;

  protected override async _commit(request: CommitRequest): Promise<void> {
    if (this.#underWay < LOCKS) {
      this.#underWay += 1;
      await nextTurn();
      this.#underWay -= 1;
      return super._commit(request);
    }
    await this.refuseUnmet(request);
    await nextTurn();
    return this.makeAll(request);
  }
}

/** Lets one commit in at a time, and one more for each whose caller has given up. */
class ReleasesItsLockTwice extends GoodCommits {
  readonly #waiting: (() => void)[] = [];
  #free = 1;

  protected override async _commit(request: CommitRequest, context?: OperationContext): Promise<void> {
    await this.#acquire();
    context?.signal.addEventListener('abort', () => this.#release());
    try {
      await this.refuseUnmet(request);
      await nextTurn();
      await this.makeAll(request);
    } finally {
      this.#release();
    }
  }

  // Whoever writes one entry waits for its turn as well.
  protected override async _put(request: PutRequest): Promise<void> {
    await this.#acquire();
    this.#release();
    return super._put(request);
  }

  async #acquire(): Promise<void> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

/** Commits that are in each other's way, or in that of everything else. */
export const brokenCommitRaces: readonly BrokenAdapter[] = [
  {
    name: 'checks, then commits',
    why: 'SELECT all versions, compare them in JavaScript, then write in one transaction.',
    createStore: () => alone(new ChecksThenCommits()),
    caughtBy: ['commit.write-skew', 'commit.write-skew-absent', 'commit.ring-of-three', 'commit.against-single-writes'],
    perhapsBy: ['commit.history', 'commit.interrupted-history'],
  },
  {
    name: 'locks only what it writes',
    why: 'Snapshot isolation: writes are checked against each other, and what was only read is not.',
    createStore: () => alone(new LocksOnlyWhatItWrites()),
    caughtBy: ['commit.write-skew', 'commit.write-skew-absent', 'commit.ring-of-three'],
    perhapsBy: ['commit.history', 'commit.interrupted-history'],
  },
  {
    name: 'locks only what is there',
    why: 'SELECT … FOR UPDATE locks rows, and where there is none it locks nothing.',
    createStore: () => alone(new LocksOnlyWhatIsThere()),
    caughtBy: ['commit.write-skew-absent', 'commit.ring-of-three'],
    perhapsBy: ['commit.history', 'commit.interrupted-history'],
  },
  {
    name: 'looks for pairs that are in the way of each other',
    why: 'A home-made detection of conflicts, which knows no longer circle than one of two.',
    createStore: () => alone(new LooksForPairs()),
    caughtBy: ['commit.ring-of-three'],
    perhapsBy: ['commit.history', 'commit.interrupted-history'],
  },
  {
    name: 'lets readers watch',
    why: 'The writers of a table lock each other out; its readers read what has not been committed.',
    createStore: () => alone(new LetsReadersWatch()),
    caughtBy: ['commit.reads-never-see-half', 'commit.pages-never-show-half'],
    perhapsBy: [
      'commit.given-up-at-every-moment',
      'commit.against-single-writes',
      'commit.history',
      'commit.interrupted-history',
    ],
  },
  {
    name: 'reads a page in two halves',
    why: 'A page of two statements, or of two partitions, with a commit in between.',
    createStore: () => alone(new ReadsHalvesOfPages()),
    caughtBy: ['commit.pages-never-show-half'],
    perhapsBy: ['list.*', 'entries.*', 'commit.history', 'commit.interrupted-history'],
  },
  {
    name: 'commits beside single writes',
    why: 'A lock around commits that puts and deletes, which need none of their own, do not take.',
    createStore: () => alone(new CommitsBesideSingleWrites()),
    caughtBy: ['commit.against-single-writes'],
    perhapsBy: ['commit.history', 'commit.interrupted-history'],
  },
  {
    name: 'locks in the order of the changes',
    why: 'Two that lock the same rows in opposite orders wait for each other until the database ends one of them.',
    createStore: () => alone(new LocksInTheOrderOfChanges()),
    caughtBy: ['commit.opposite-orders'],
    perhapsBy: ['commit.write-skew*', 'commit.ring-of-three', 'commit.history', 'commit.interrupted-history'],
  },
  {
    name: 'has locks for so many commits',
    why: 'A table of locks of a fixed size: who finds no room in it does without.',
    createStore: () => alone(new HasLocksForSoMany()),
    caughtBy: ['commit.history'],
    perhapsBy: ['commit.interrupted-history', 'commit.given-up-at-every-moment'],
  },
  {
    name: 'releases the lock of a commit twice',
    why: 'When its holder gives up, and again when it is done: from then on there is room for two.',
    createStore: () => alone(new ReleasesItsLockTwice()),
    caughtBy: ['commit.interrupted-history'],
  },
  {
    name: 'locks the commits of its own process only',
    why: 'A mutex around check and write, which another process does not have.',
    createStore: () => inAFile('none', { commits: true, flawOfChildren: 'locks the commits of its own process only' }),
    caughtBy: ['commit.process-history'],
  },
];
