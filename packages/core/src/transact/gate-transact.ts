import { refusal } from '../capabilities/gate.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { cannotGoThrough } from '../operations/ask-stranger.ts';
import { gatePlane } from '../operations/commit/gate-commit.ts';
import { planesThrough } from '../operations/planes-through.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import { claimsOf } from '../updates/claims-of.ts';

/**
 * Refuses a path that a transaction cannot have, before anything is touched: one without commits, or that takes no records.
 *
 * @throws HoldfastError `UNSUPPORTED`, or what keeps the filesystem from telling what it claims
 */
export function gateTransact(filesystem: RootFilesystem, path: VirtualPath): void {
  const operation = { name: 'transact', path, changes: true } as const;
  const claimed = claimsOf(filesystem, 'transact', path);
  gatePlane(claimed, operation);
  if (claimed.records !== true) throw refusal(operation, 'records');
  // One that claims them and cannot be asked for them.
  if (planesThrough(filesystem, claimed) !== undefined) throw cannotGoThrough(operation);
}
