import type { CommitChange, CommitRequest } from '@holdfast/core/adapter';
import { MemoryFilesystem, openMemory } from '@holdfast/memory';
import type { ComparedBackend } from '../../../src/model/compared-backend.ts';
import type { PlantedBug } from './planted-bug.ts';

/** Memory that makes something else of commits. */
abstract class OtherCommits extends MemoryFilesystem {
  constructor() {
    super(openMemory().capabilitiesAt('/'));
  }

  protected abstract changed(changes: readonly CommitChange[]): Promise<readonly CommitChange[]>;

  protected override async _commit(request: CommitRequest): Promise<void> {
    const changes = await this.changed(request.changes);
    if (changes.length > 0) await super._commit({ ...request, changes });
  }
}

class ForgetsTheFourth extends OtherCommits {
  protected override async changed(changes: readonly CommitChange[]): Promise<readonly CommitChange[]> {
    return changes.filter((_, index) => index !== 3);
  }
}

class DeletesWhatIsThereOnly extends OtherCommits {
  protected override async changed(changes: readonly CommitChange[]): Promise<readonly CommitChange[]> {
    const found = await Promise.all(changes.map(({ path }) => this._get(path)));
    return changes.map((change, index): CommitChange => {
      const version = found[index]?.version;
      const isOfNothing = change.change === 'delete' && change.expectation === 'any' && version === undefined;
      // A row that is not there is one that has changed.
      return isOfNothing ? { ...change, expectation: { version: 'none' as never } } : change;
    });
  }
}

class KeepsKinds extends OtherCommits {
  protected override async changed(changes: readonly CommitChange[]): Promise<readonly CommitChange[]> {
    const found = await Promise.all(changes.map(({ path }) => this._get(path)));
    return changes.map((change, index): CommitChange => {
      const kind = found[index]?.kind;
      const loses = change.change === 'put' && change.entry.kind === undefined && kind !== undefined;
      return loses ? { ...change, entry: { ...change.entry, kind } } : change;
    });
  }
}

function planted(open: () => OtherCommits): ComparedBackend {
  const createStore = async () => ({ open: async () => open(), destroy: async () => {} });
  return { id: 'planted', harness: { name: 'planted', createStore } };
}

/** Bugs of commits. */
export const COMMIT_BUGS: readonly PlantedBug[] = [
  {
    mistake: 'forgets the fourth change of a commit',
    shownBy: /^/,
    backend: planted(() => new ForgetsTheFourth()),
  },
  {
    mistake: 'takes a delete of nothing in a commit for a mismatch',
    shownBy: /commit\(.*delete .*'any'/,
    backend: planted(() => new DeletesWhatIsThereOnly()),
  },
  {
    mistake: 'keeps the kind of what a commit replaces',
    shownBy: /^/,
    backend: planted(() => new KeepsKinds()),
  },
];
