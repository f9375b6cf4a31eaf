import type { Capabilities } from '../../capabilities/capabilities.ts';
import { COMMIT_LIMITS, isCommitLimit } from '../../capabilities/commit-limits.ts';
import { gatePath, refusal, type Claimant } from '../../capabilities/gate.ts';
import { gateDelete } from '../delete/gate-delete.ts';
import { errorOf, type Named } from '../named.ts';
import { gatePut } from '../put/gate-put.ts';
import type { ParsedChange } from './parse-changes.ts';

/**
 * Refuses a commit that the backend cannot honour, before anything is touched. It fails closed, and at each path: what is
 * claimed there counts only when it has exactly the value that claims it.
 *
 * @throws HoldfastError `UNSUPPORTED`, `COMMIT_TOO_LARGE`, and what the gates of `put` and `delete` refuse with
 */
export function gateCommit(claimant: Claimant, operation: Named, changes: readonly ParsedChange[]): void {
  const claims = changes.map(({ path }) => claimant.claims(operation, path));
  const atAll = new Set(claims);
  for (const claimed of atAll) {
    gatePlane(claimed, operation);
    refuseMore('maxCommitChanges', claimed, operation, changes.length);
  }
  const { name } = operation;
  for (const [index, change] of changes.entries()) {
    gateChange(claims[index], { name, path: change.path, changes: operation.changes }, change);
  }
  const bytes = changes.reduce((sum, each) => sum + (each.change === 'put' ? each.entry.body.byteLength : 0), 0);
  for (const claimed of atAll) refuseMore('maxCommitBytes', claimed, operation, bytes);
}

/**
 * Refuses what needs commits where they are not claimed, with both their limits.
 *
 * @throws HoldfastError `UNSUPPORTED`
 */
export function gatePlane(claimed: Capabilities | undefined, operation: Named): void {
  const planes: unknown = claimed?.planes;
  if (!Array.isArray(planes) || !planes.includes('atomic-commit')) {
    throw refusal(operation, 'planes', 'plane "atomic-commit"');
  }
  if (claimed?.cas !== 'versioned') throw refusal(operation, 'cas');
  for (const limit of COMMIT_LIMITS) if (!isCommitLimit(claimed[limit])) throw refusal(operation, limit);
}

function gateChange(claimed: Capabilities | undefined, operation: Named, change: ParsedChange): void {
  gatePath(claimed, operation);
  if (change.change === 'put') gatePut(claimed, operation, change.entry, change.expectation);
  if (change.change === 'delete') gateDelete(claimed, operation, change.expectation);
}

function refuseMore(
  limit: (typeof COMMIT_LIMITS)[number],
  claimed: Capabilities | undefined,
  operation: Named,
  used: number,
): void {
  const most = claimed?.[limit] ?? 0;
  if (used <= most) return;
  const what = limit === 'maxCommitChanges' ? 'changes' : 'bytes of bodies';
  const message = `a commit may have at most ${most} ${what} here; this one has ${used}`;
  throw errorOf(operation, 'COMMIT_TOO_LARGE', message, { capability: limit });
}
