import type { Capabilities } from '../../capabilities/capabilities.ts';
import { argumentError } from '../../filesystem/adapter-error.ts';
import { checkFilesystem } from '../../helpers/check-helper.ts';
import type { OperationOptions } from '../../filesystem/operation-options.ts';
import type { RootFilesystem } from '../../filesystem/root-filesystem.ts';
import { begin } from '../begin.ts';
import type { Change } from './change.ts';
import { makeCommit, type CommitResult } from './commit-operation.ts';
import type { CommitsOnly } from './commits-only.ts';

/**
 * Makes several changes, all or none, at one point in time at which every expectation holds, those of checks and of
 * absence included. So of two commits that each check what the other writes, at most one lands. Readers see all of it or
 * nothing: each `get` and each page of `entries` is as it was at one moment.
 *
 * Every entry that it puts gets one and the same version, which is given back. Its changes are each at a path of their
 * own, and all paths lead to one filesystem. A commit of checks alone changes nothing and needs no permission to write.
 *
 * Costs one round trip; a commit of one put costs what that `put` costs. When a reply is lost, entries are read back until
 * one of them tells what became of the whole, as for a `put`.
 *
 * @throws HoldfastError `VERSION_MISMATCH`, with all `paths` whose expectations do not hold, and nothing changed;
 * `UNSUPPORTED` before anything is touched where there are no commits, or where the paths lead to different filesystems;
 * `COMMIT_TOO_LARGE` for more than `maxCommitChanges` or `maxCommitBytes`; or what `put` and `delete` reject with. Each
 * has an `outcome` for the whole
 */
export async function commit<C extends Capabilities>(
  filesystem: RootFilesystem<C> & CommitsOnly<C>,
  changes: readonly Change[],
  options?: OperationOptions,
): Promise<CommitResult> {
  const operation = makeCommit(changes, options);
  try {
    checkFilesystem(filesystem);
  } catch (thrown) {
    throw argumentError(thrown, { name: 'commit', path: operation.path, changes: true });
  }
  return await begin(filesystem, operation);
}
