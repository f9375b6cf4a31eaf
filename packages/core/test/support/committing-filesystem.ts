import type { Capabilities } from '../../src/capabilities/capabilities.ts';
import { defineCapabilities } from '../../src/capabilities/define-capabilities.ts';
import { HoldfastError } from '../../src/errors/holdfast-error.ts';
import type { OperationContext } from '../../src/filesystem/operation-context.ts';
import type { CommitRequest } from '../../src/operations/commit/commit-request.ts';
import { ROOMY } from './encrypted.ts';
import { MapFilesystem } from './map-filesystem.ts';

/** The capabilities of a backend that has commits, of up to 100 changes. */
export const COMMITTING: Capabilities = defineCapabilities({
  ...ROOMY,
  planes: ['atomic-commit'],
  maxCommitChanges: 100,
  maxCommitBytes: 100_000,
});

/** The simplest adapter with commits. */
export class CommittingFilesystem extends MapFilesystem {
  /** What it was sent. */
  readonly commits: CommitRequest[] = [];

  constructor(claims: unknown = COMMITTING) {
    super(claims);
  }

  protected override _commit(request: CommitRequest, context: OperationContext): Promise<void> {
    this.commits.push(request);
    const { changes } = request;
    return this._around('_commit', changes[0]?.path ?? '', context, () => {
      const paths = changes.filter((each) => !this._holds(each.path, each.expectation)).map(({ path }) => path);
      if (paths.length > 0) throw new HoldfastError('VERSION_MISMATCH', 'an expectation does not hold', { paths });
      for (const each of changes) {
        if (each.change === 'put')
          this.stored.set(each.path, { ...each.entry, path: each.path, version: each.version });
        if (each.change === 'delete') this.stored.delete(each.path);
      }
    });
  }
}
