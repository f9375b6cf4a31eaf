import type { CommitChange, CommitRequest } from '@holdfast/core/adapter';
import { COMMITTING, GoodMemory } from './good-memory.ts';

/** A memory filesystem with commits that honours the contract; what is broken extends it, and is made of its parts. */
export class GoodCommits extends GoodMemory {
  constructor() {
    super(COMMITTING);
  }

  /** Refuses changes of which not all expectations hold now, and makes none. */
  protected refuseUnmet({ changes, version }: CommitRequest): Promise<void> {
    const checks = changes.flatMap(({ path, expectation }): CommitChange[] => {
      return expectation === 'any' ? [] : [{ change: 'check', path, expectation }];
    });
    return super._commit({ changes: checks, version });
  }

  /** Makes a change, whatever it expects. Of all that are made in one turn nobody sees only some. */
  protected async make(change: CommitChange): Promise<void> {
    if (change.change === 'put') await super._put({ ...change, expectation: 'any' });
    if (change.change === 'delete') await super._delete({ ...change, expectation: 'any' });
  }

  /** Makes all of them in one step. */
  protected makeAll(request: CommitRequest): Promise<void> {
    const changes = request.changes.map((change): CommitChange => {
      return change.change === 'check' ? change : { ...change, expectation: 'any' };
    });
    return super._commit({ ...request, changes: changes.filter(({ change }) => change !== 'check') });
  }
}

/** The changes of a commit that are put. */
export function putsOf({ changes }: CommitRequest): readonly (CommitChange & { readonly change: 'put' })[] {
  return changes.filter((change) => change.change === 'put');
}
