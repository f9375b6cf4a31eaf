import {
  commit,
  HoldfastError,
  isHoldfastError,
  type Change,
  type DirectoryPath,
  type RootFilesystem,
  type Snapshot,
} from '@holdfast/core';
import {
  compareCodePoints,
  Layer,
  mintVersion,
  type CommitChange,
  type CommitRequest,
  type Next,
  type Operation,
  type OperationContext,
  type PathRange,
  type ScanContext,
} from '@holdfast/core/adapter';
import { inAFile } from './processes.ts';
import { alone, wrapping, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodCommits } from './support/good-commits.ts';
import { COMMITTING, GoodMemory, mismatch, nextTurn } from './support/good-memory.ts';

/** Makes one change after the other, until one does not fit. */
class RollsNothingBack extends GoodCommits {
  protected override async _commit({ changes, version }: CommitRequest): Promise<void> {
    for (const change of changes) await super._commit({ changes: [change], version });
  }
}

/** Ends with the first change that does not fit. */
class NamesTheFirstOnly extends GoodCommits {
  protected override async _commit(request: CommitRequest): Promise<void> {
    try {
      await super._commit(request);
    } catch (error) {
      throw mismatch((error as HoldfastError).paths?.slice(0, 1));
    }
  }
}

/** Binds the metadata of all rows once. */
class MixesMetadataUp extends GoodCommits {
  protected override _commit(request: CommitRequest): Promise<void> {
    const first = request.changes.find((change) => change.change === 'put');
    const changes = request.changes.map((change): CommitChange => {
      if (change.change !== 'put' || first?.change !== 'put') return change;
      return { ...change, entry: { ...first.entry, body: change.entry.body } };
    });
    return super._commit({ ...request, changes });
  }
}

/** Lays all bodies one behind the other, and keeps where each begins, but not where it ends. */
class KeepsBodiesTogether extends GoodCommits {
  protected override _commit(request: CommitRequest): Promise<void> {
    const behind = (index: number): number =>
      request.changes.slice(index + 1).findIndex((change) => change.change === 'put' && change.entry.body.length > 0);
    const changes = request.changes.map((change, index): CommitChange => {
      const next = request.changes[index + 1 + behind(index)];
      const isEmpty = change.change === 'put' && change.entry.body.length === 0 && next?.change === 'put';
      return isEmpty ? { ...change, entry: { ...change.entry, body: next.entry.body } } : change;
    });
    return super._commit({ ...request, changes });
  }
}

/** Has an index over all versions, in which each may be once. */
class MintsForEachEntry extends GoodCommits {
  protected override _commit(request: CommitRequest): Promise<void> {
    let isFirst = true;
    const changes = request.changes.map((change): CommitChange => {
      if (change.change !== 'put') return change;
      const version = isFirst ? change.version : mintVersion();
      isFirst = false;
      return { ...change, version };
    });
    return super._commit({ ...request, changes });
  }
}

/** Looks for what it checks where it could only be if something were there. */
class IgnoresChecksOfAbsence extends GoodCommits {
  protected override _commit(request: CommitRequest): Promise<void> {
    const counts = ({ change, expectation }: CommitChange): boolean => change !== 'check' || expectation !== 'absent';
    return super._commit({ ...request, changes: request.changes.filter(counts) });
  }
}

/** Checks by an update that changes nothing but the version. */
class TouchesWhatItChecks extends GoodCommits {
  protected override async _commit(request: CommitRequest): Promise<void> {
    await super._commit(request);
    for (const { change, path } of request.changes) {
      const found = change === 'check' ? await super._get(path) : undefined;
      if (found === undefined) continue;
      const { version: _old, ...entry } = found;
      await super._put({ path, entry, expectation: 'any', version: request.version });
    }
  }
}

/** Goes through its index of names once for each commit, at its beginning. */
class ListsWhatCommitsDelete extends GoodCommits {
  readonly #deleted = new Map<string, Snapshot>();

  protected override async _commit(request: CommitRequest): Promise<void> {
    const found: Snapshot[] = [];
    for (const { change, path } of request.changes) {
      const stored = change === 'delete' ? await super._get(path) : undefined;
      if (stored !== undefined) found.push(stored);
    }
    await super._commit(request);
    for (const stored of found) this.#deleted.set(stored.path, stored);
    for (const { change, path } of request.changes) if (change === 'put') this.#deleted.delete(path);
  }

  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const page = await super._scan(range, limit, context);
    if (context.bodies) return page;
    const isIn = ({ path }: Snapshot): boolean =>
      compareCodePoints(path, range.from) >= 0 && compareCodePoints(path, range.below) < 0;
    const all = [...page, ...[...this.#deleted.values()].filter(isIn)];
    return all.toSorted((a, b) => compareCodePoints(a.path, b.path)).slice(0, limit);
  }
}

/** How many rows go into one statement. */
const ROWS = 39;

/** Makes one statement of a commit, which has no room for more. */
class MakesOneStatement extends GoodCommits {
  protected override _commit(request: CommitRequest): Promise<void> {
    return super._commit({ ...request, changes: request.changes.slice(0, ROWS) });
  }
}

/** Sends the bodies as text. */
class HasRoomForHalf extends GoodCommits {
  protected override _commit(request: CommitRequest): Promise<void> {
    let bytes = 0;
    for (const change of request.changes) if (change.change === 'put') bytes += change.entry.body.length;
    if (bytes > COMMITTING.maxCommitBytes / 2) throw new RangeError('the packet is too large');
    return super._commit(request);
  }
}

type Changes = readonly CommitChange[];

/** The changes of a commit that goes through a layer, as whoever made it gave them. */
function changesOf(operation: Operation): readonly Change[] {
  return (operation.args as unknown as { readonly changes: Changes }).changes.map((change): Change => {
    const { path, expectation } = change;
    if (change.change === 'put') return { put: path, entry: change.entry, expectation };
    if (change.change === 'delete') return { delete: path, expectation: change.expectation };
    return { check: path, expectation: change.expectation };
  });
}

/** Does something about commits on their way. */
abstract class OnCommits extends Layer {
  protected abstract onCommit(operation: Operation, go: () => Promise<unknown>): Promise<unknown>;

  protected override _call<R>(operation: Operation<R>, next: Next): Promise<R> {
    if (operation.name !== 'commit') return next(operation);
    return this.onCommit(operation, () => next(operation)) as Promise<R>;
  }
}

class SplitsWhatIsTooLarge extends OnCommits {
  protected override async onCommit(operation: Operation, go: () => Promise<unknown>): Promise<unknown> {
    try {
      return await go();
    } catch (error) {
      if (!isHoldfastError(error, 'COMMIT_TOO_LARGE')) throw error;
      const changes = changesOf(operation);
      await commit(this.inner, changes.slice(1));
      return commit(this.inner, changes.slice(0, 1));
    }
  }
}

class IsContentWithNothing extends OnCommits {
  protected override async onCommit({ refusal }: Operation, go: () => Promise<unknown>): Promise<unknown> {
    return refusal?.code === 'INVALID_ARGUMENT' ? { version: undefined } : go();
  }
}

class GoesOnAfterItsCaller extends OnCommits {
  protected override onCommit(operation: Operation, go: () => Promise<unknown>): Promise<unknown> {
    return operation.exhausted() === undefined ? go() : commit(this.inner, changesOf(operation));
  }
}

class TakesAnAbortForAnUndo extends OnCommits {
  protected override async onCommit(_operation: Operation, go: () => Promise<unknown>): Promise<unknown> {
    try {
      return await go();
    } catch (error) {
      if (!isHoldfastError(error, 'ABORTED')) throw error;
      throw new HoldfastError('ABORTED', 'given up', { operation: 'commit', path: error.path, outcome: 'not-applied' });
    }
  }
}

/** Takes a commit out of its queue when the caller gives up, but not where it matters. */
class ForgetsToTakeCommitsBack extends GoodCommits {
  protected override async _commit(request: CommitRequest, context?: OperationContext): Promise<void> {
    const committed = nextTurn().then(() => super._commit(request));
    const takenBack = new Promise<never>((_resolve, reject) => {
      const refuse = (): void => reject(new HoldfastError('ABORTED', 'taken back', { outcome: 'not-applied' }));
      context?.signal.addEventListener('abort', refuse);
    });
    await Promise.race([committed, takenBack]);
  }
}

/** Claims commits where nobody has looked before. */
class ClaimsCommitsInPlaces extends GoodMemory {
  protected override _capabilitiesAt(path?: DirectoryPath): ReturnType<GoodMemory['_capabilitiesAt']> {
    return path === '/commit/refused' || path === '/commit/refused-too' ? COMMITTING : super._capabilitiesAt();
  }
}

const inLayer = (wrap: (inner: GoodCommits) => RootFilesystem) =>
  wrapping(
    (inner: GoodCommits) => wrap(inner),
    () => new GoodCommits(),
  );

/** What is wrong with a commit that nobody else is in the way of. */
export const brokenCommits: readonly BrokenAdapter[] = [
  {
    name: 'rolls nothing back',
    why: 'One statement after the other outside of a transaction: what came before the one that fails stays.',
    createStore: () => alone(new RollsNothingBack()),
    caughtBy: [
      'commit.mismatch-changes-nothing',
      'commit.mismatches-named',
      'commit.every-expectation',
      'commit.checks-change-nothing',
    ],
    perhapsBy: [
      'commit.write-skew*',
      'commit.ring-of-three',
      'commit.pages-never-show-half',
      'commit.against-single-writes',
      'commit.opposite-orders',
      'commit.history',
      'commit.interrupted-history',
    ],
  },
  {
    name: 'names the first mismatch only',
    why: 'It ends with the first statement that changes no row, and knows nothing of those behind it.',
    createStore: () => alone(new NamesTheFirstOnly()),
    caughtBy: ['commit.mismatches-named'],
  },
  {
    name: 'mixes the metadata of a commit up',
    why: 'One statement for many rows, in which what looked the same for all was bound once.',
    createStore: () => alone(new MixesMetadataUp()),
    caughtBy: ['commit.entries-kept-apart'],
  },
  {
    name: 'takes an empty body for the next one',
    why: 'All bodies in one piece, cut up by their lengths, of which one is 0 and was left out.',
    createStore: () => alone(new KeepsBodiesTogether()),
    caughtBy: ['commit.entries-kept-apart'],
  },
  {
    name: 'mints a version for each entry of a commit',
    why: 'A unique index over versions, so that the entries of one commit cannot have the same.',
    createStore: () => alone(new MintsForEachEntry()),
    caughtBy: [
      'commit.one-version',
      'commit.all-there',
      'commit.most-changes',
      'commit.given-up',
      'commit.reply-landed',
      'commit.reply-not-landed',
      'commit.reply-definite',
      'commit.opposite-orders',
    ],
    perhapsBy: ['commit.history', 'commit.interrupted-history'],
  },
  {
    name: 'ignores checks of absence',
    why: 'SELECT … FOR UPDATE finds no row, and no row is no mismatch.',
    createStore: () => alone(new IgnoresChecksOfAbsence()),
    caughtBy: [
      'commit.every-expectation',
      'commit.mismatch-changes-nothing',
      'commit.mismatches-named',
      'commit.checks-change-nothing',
      'commit.reply-of-checks',
      'commit.write-skew-absent',
      'commit.ring-of-three',
    ],
    perhapsBy: ['commit.history', 'commit.interrupted-history'],
  },
  {
    name: 'touches what it checks',
    why: 'A check is an UPDATE whose row count tells whether it holds, and every UPDATE sets the version.',
    createStore: () => alone(new TouchesWhatItChecks()),
    caughtBy: ['commit.checks-change-nothing', 'commit.all-there', 'commit.reply-not-landed', 'commit.reply-of-checks'],
    perhapsBy: ['commit.history', 'commit.interrupted-history'],
  },
  {
    name: 'lists what commits delete',
    why: 'The index of names is kept by delete, and a commit has statements of its own.',
    createStore: () => alone(new ListsWhatCommitsDelete()),
    caughtBy: ['commit.deletes', 'commit.all-there', 'commit.pages-never-show-half', 'commit.given-up-at-every-moment'],
    perhapsBy: ['commit.history', 'commit.interrupted-history'],
  },
  {
    name: 'makes one statement of a commit',
    why: 'What is beyond the parameters that one statement may have is left out.',
    createStore: () => alone(new MakesOneStatement()),
    caughtBy: ['commit.most-changes', 'commit.opposite-orders'],
    perhapsBy: ['commit.history', 'commit.interrupted-history'],
  },
  {
    name: 'has room for half of the bytes',
    why: 'The bodies are sent as text, which makes them longer than a packet may be.',
    createStore: () => alone(new HasRoomForHalf()),
    caughtBy: ['commit.most-bytes'],
  },
  {
    name: 'splits what is too large',
    why: 'A layer that is helpful with everything that can be done in two parts.',
    createStore: () => inLayer((inner) => new SplitsWhatIsTooLarge(inner)),
    caughtBy: ['commit.too-large'],
  },
  {
    name: 'takes a malformed commit for an empty one',
    why: 'A layer that answers what it cannot make anything of.',
    createStore: () => inLayer((inner) => new IsContentWithNothing(inner)),
    caughtBy: ['commit.malformed'],
  },
  {
    name: 'goes on after its caller',
    why: 'A layer that makes a commit anew and leaves its options out.',
    createStore: () => inLayer((inner) => new GoesOnAfterItsCaller(inner)),
    caughtBy: ['commit.given-up-before'],
  },
  {
    name: 'takes an abort for an undo',
    why: 'Whoever gives up a transaction is told that it was rolled back, and nobody has asked.',
    createStore: () => inLayer((inner) => new TakesAnAbortForAnUndo(inner)),
    caughtBy: ['commit.given-up'],
    perhapsBy: ['commit.history', 'commit.interrupted-history'],
  },
  {
    name: 'says that a commit was taken back when its caller gave up',
    why: 'The caller is answered when it gives up, and the commit that waited is made in its turn.',
    createStore: () => alone(new ForgetsToTakeCommitsBack()),
    caughtBy: ['commit.given-up-at-every-moment'],
    perhapsBy: ['commit.history', 'commit.interrupted-history'],
  },
  {
    name: 'commits change by change',
    why: 'Everything is checked, and then written in one statement after the other, with no transaction around them.',
    createStore: () => inAFile('none', { commits: true, flawOfChildren: 'commits change by change' }),
    caughtBy: ['commit.killed-process'],
    perhapsBy: ['commit.process-history'],
  },
  {
    name: 'claims commits in places',
    why: 'What is not claimed where somebody asked first works at some paths all the same.',
    createStore: () => alone(new ClaimsCommitsInPlaces()),
    caughtBy: ['commit.*'],
  },
];
