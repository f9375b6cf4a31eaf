// What the compiler must infer and refuse; nothing here ever runs.
import type { Equal, Expect } from '../../../test/support/types.ts';
import type { ByteOnlyCapabilities, Capabilities, VersionedCapabilities } from '../../capabilities/capabilities.ts';
import { defineCapabilities } from '../../capabilities/define-capabilities.ts';
import type { BaseFilesystem } from '../../filesystem/base-filesystem.ts';
import type { RootFilesystem } from '../../filesystem/root-filesystem.ts';
import { withTimeout } from '../../layers/with-timeout.ts';
import type { Version } from '../../versions/version.ts';
import type { Change } from './change.ts';
import { commit } from './commit.ts';
import type { CommitResult } from './commit-operation.ts';

type With<P extends Capabilities['planes']> = VersionedCapabilities & { readonly planes: P };

declare const dynamic: RootFilesystem;
declare const versioned: RootFilesystem<VersionedCapabilities>;
declare const committing: RootFilesystem<With<readonly ['atomic-commit']>>;
declare const several: BaseFilesystem<With<readonly ('atomic-commit' | 'watch')[]>>;
declare const none: RootFilesystem<With<readonly []>>;
declare const others: BaseFilesystem<With<readonly ['watch']>>;
declare const byteOnly: RootFilesystem<ByteOnlyCapabilities>;
declare const entry: { readonly body: Uint8Array };
declare const version: Version;
declare const changes: readonly Change[];

/** On what has commits, and on what may. */
export async function accepted(): Promise<CommitResult> {
  await commit(committing, [
    { put: '/a', entry, expectation: 'absent' },
    { put: '/b', entry, expectation: { version } },
    { delete: '/c', expectation: 'any' },
    { check: '/d', expectation: { version } },
    { check: '/e', expectation: 'absent' },
  ]);
  await commit(withTimeout(committing, { timeoutMs: 5 }), changes, { timeoutMs: 5 });
  await commit(dynamic, changes);
  await commit(versioned, changes);
  return await commit(several, changes);
}

export type Inferred = Expect<Equal<Awaited<ReturnType<typeof accepted>>['version'], Version | undefined>>;

/** Not on what is known to have none, and not what is no change. */
export async function refused(): Promise<void> {
  // @ts-expect-error -- no planes
  await commit(none, changes);
  // @ts-expect-error -- no planes, below a layer
  await commit(withTimeout(none, { timeoutMs: 5 }), changes);
  // @ts-expect-error -- another plane
  await commit(others, changes);
  // @ts-expect-error -- bytes only
  await commit(byteOnly, changes);
  // @ts-expect-error -- no expectation
  await commit(dynamic, [{ put: '/a', entry }]);
  // @ts-expect-error -- no entry
  await commit(dynamic, [{ put: '/a', expectation: 'any' }]);
  // @ts-expect-error -- a check of anything
  await commit(dynamic, [{ check: '/a', expectation: 'any' }]);
  // @ts-expect-error -- a delete of nothing
  await commit(dynamic, [{ delete: '/a', expectation: 'absent' }]);
  // @ts-expect-error -- two things at once
  await commit(dynamic, [{ put: '/a', delete: '/a', entry, expectation: 'any' }]);
  // @ts-expect-error -- an entry to delete
  await commit(dynamic, [{ delete: '/a', entry, expectation: 'any' }]);
  // @ts-expect-error -- a bare version
  await commit(dynamic, [{ check: '/a', expectation: version }]);
  // @ts-expect-error -- a misspelt option
  await commit(dynamic, changes, { timeout: 1 });
}

/** What is defined keeps its planes, so that the compiler knows them. */
export const CLAIMS: With<readonly ['atomic-commit']> = defineCapabilities({
  cas: 'versioned',
  records: true,
  indexed: true,
  contentTypes: true,
  conditionalDelete: true,
  paths: 'prefix',
  durability: 'none',
  sharing: 'instance',
  maxBodyBytes: 1,
  maxCommitChanges: 1,
  maxCommitBytes: 1,
  planes: ['atomic-commit'],
});
