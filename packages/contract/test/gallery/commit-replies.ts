import { HoldfastError, isHoldfastError } from '@holdfast/core';
import type { CommitRequest } from '@holdfast/core/adapter';
import { alone, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodCommits, putsOf } from './support/good-commits.ts';
import { mismatch } from './support/good-memory.ts';
import { misread } from './support/misreads.ts';

/** Misreads what its driver says of a commit. */
abstract class MisreadsCommits extends GoodCommits {
  constructor() {
    super();
    misread(this, ['_commit'], (error, _method, args) => this.misread(error, args[0] as CommitRequest));
  }

  protected abstract misread(error: unknown, request: CommitRequest): unknown;
}

function isLost(error: unknown): boolean {
  return isHoldfastError(error, 'UNAVAILABLE') && error.outcome === 'unknown';
}

class TakesALostCommitForARollback extends MisreadsCommits {
  protected override misread(error: unknown): never {
    if (!isLost(error)) throw error;
    throw new HoldfastError('UNAVAILABLE', 'the transaction ended with the connection', { outcome: 'not-applied' });
  }
}

class TakesEveryFailureOfACommitForLost extends MisreadsCommits {
  protected override misread(error: unknown): never {
    if (!isHoldfastError(error, 'UNAVAILABLE') || isLost(error)) throw error;
    throw new HoldfastError('UNAVAILABLE', 'connection lost', { outcome: 'unknown' });
  }
}

class TakesSilenceForACommit extends MisreadsCommits {
  protected override misread(error: unknown): undefined {
    if (!isLost(error)) throw error;
    return undefined;
  }
}

class TakesLostChecksForAMismatch extends MisreadsCommits {
  protected override misread(error: unknown, request: CommitRequest): never {
    if (!isLost(error) || putsOf(request).length > 0) throw error;
    throw mismatch();
  }
}

class EncryptsCommitsInPlace extends GoodCommits {
  protected override async _commit(request: CommitRequest): Promise<void> {
    const hide = (): void => {
      for (const { entry } of putsOf(request))
        for (const [index, byte] of entry.body.entries()) entry.body[index] = byte ^ 0x5a;
    };
    hide();
    // What is stored is another copy, which is opened where it is read.
    const changes = request.changes.map((change) => {
      if (change.change !== 'put') return change;
      const body = change.entry.body.map((byte) => byte ^ 0x5a);
      return { ...change, entry: { ...change.entry, body } };
    });
    return super._commit({ ...request, changes });
  }
}

/** Replies to commits that were lost, and the wrong conclusions. */
export const brokenCommitReplies: readonly BrokenAdapter[] = [
  {
    name: 'takes a lost commit for a rollback',
    why: 'A transaction whose connection breaks is rolled back, unless COMMIT was already on its way.',
    createStore: () => alone(new TakesALostCommitForARollback()),
    caughtBy: ['commit.reply-landed', 'commit.reply-not-landed', 'commit.reply-unknown', 'commit.reply-of-checks'],
  },
  {
    name: 'takes every failure of a commit for lost',
    why: 'An error of BEGIN is mapped like one of COMMIT.',
    createStore: () => alone(new TakesEveryFailureOfACommitForLost()),
    caughtBy: ['commit.reply-definite'],
  },
  {
    name: 'takes silence for a commit',
    why: 'A driver that resolves when the connection is closed before the answer has come.',
    createStore: () => alone(new TakesSilenceForACommit()),
    caughtBy: ['commit.reply-not-landed', 'commit.reply-unknown', 'commit.reply-of-checks'],
  },
  {
    name: 'takes lost checks for a mismatch',
    why: 'A query without rows is taken for one whose answer is empty, whatever became of it.',
    createStore: () => alone(new TakesLostChecksForAMismatch()),
    caughtBy: ['commit.reply-of-checks', 'commit.reply-unknown', 'commit.reply-not-landed'],
  },
  {
    name: 'encrypts the bodies of a commit in place',
    why: 'What is sent again after a lost reply is encrypted a second time.',
    createStore: () => alone(new EncryptsCommitsInPlace()),
    caughtBy: ['commit.reply-not-landed'],
  },
];
