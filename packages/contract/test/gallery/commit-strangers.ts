import type { HoldfastError } from '@holdfast/core';
import { compareCodePoints, type CommitChange, type CommitRequest } from '@holdfast/core/adapter';
import { alone, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodCommits } from './support/good-commits.ts';
import { mismatch, nextTurn } from './support/good-memory.ts';

/** Brings the changes into one order, in which nobody waits for another in a circle, and tells what it finds in that. */
class SortsTheChanges extends GoodCommits {
  protected override _commit(request: CommitRequest): Promise<void> {
    const changes = request.changes.toSorted((a, b) => compareCodePoints(a.path, b.path));
    return super._commit({ ...request, changes });
  }
}

/** Makes all commits of one turn in one transaction, which is there as a whole or not at all. */
class GroupsCommits extends GoodCommits {
  #group: { readonly changes: CommitChange[]; readonly made: Promise<void> } | undefined;

  protected override async _commit(request: CommitRequest): Promise<void> {
    this.#group ??= this.#begin();
    const { changes, made } = this.#group;
    changes.push(...request.changes);
    try {
      await made;
    } catch (error) {
      const own = new Set<string>(request.changes.map(({ path }) => path));
      throw mismatch((error as HoldfastError).paths?.filter((path) => own.has(path)));
    }
  }

  #begin(): { readonly changes: CommitChange[]; readonly made: Promise<void> } {
    const changes: CommitChange[] = [];
    const made = nextTurn().then(() => {
      this.#group = undefined;
      const [first] = changes as [CommitChange];
      return super._commit({ changes, version: first.change === 'put' ? first.version : ('none' as never) });
    });
    return { changes, made };
  }
}

/** Marks what commits delete, and takes what is marked for something. */
class KeepsWhatCommitsDelete extends GoodCommits {
  readonly #marked = new Set<string>();

  protected override async _commit(request: CommitRequest): Promise<void> {
    const isMarked = ({ path, expectation, change }: CommitChange): boolean =>
      change === 'put' && expectation === 'absent' && this.#marked.has(path);
    const marked = request.changes.filter(isMarked);
    if (marked.length > 0) throw mismatch(marked.map(({ path }) => path));
    await super._commit(request);
    for (const { change, path } of request.changes) {
      if (change === 'delete') this.#marked.add(path);
      if (change === 'put') this.#marked.delete(path);
    }
  }
}

/** What is wrong with commits of adapters that were written by what is promised alone. */
export const brokenCommitsByStrangers: readonly BrokenAdapter[] = [
  {
    name: 'sorts the changes of a commit',
    why: 'Rows are locked in the order of their keys, so that nobody waits in a circle, and the mismatches come in that.',
    createStore: () => alone(new SortsTheChanges()),
    caughtBy: ['commit.mismatches-named'],
  },
  {
    name: 'makes one transaction of commits that come together',
    why: 'One durable write for many, and one of them that does not fit takes the others with it.',
    createStore: () => alone(new GroupsCommits()),
    caughtBy: [
      'commit.write-skew*',
      'commit.ring-of-three',
      'commit.against-single-writes',
      'commit.every-expectation',
    ],
    perhapsBy: ['commit.history', 'commit.interrupted-history'],
  },
  {
    name: 'keeps what commits delete',
    why: 'Entries are marked as deleted until they are swept, and a unique key knows no difference.',
    createStore: () => alone(new KeepsWhatCommitsDelete()),
    caughtBy: ['commit.deletes', 'commit.reply-landed'],
    perhapsBy: ['commit.history', 'commit.interrupted-history'],
  },
];
