import { gatePath } from '../../capabilities/gate.ts';
import type { Snapshot } from '../../entries/entry.ts';
import { Borrowing } from '../../filesystem/borrowing.ts';
import { parseOperationOptions } from '../../filesystem/operation-options.ts';
import { parsePath, type VirtualPath } from '../../paths/virtual-path.ts';
import { makeOperation } from '../make-operation.ts';
import { Operation } from '../operation.ts';
import type { OperationKind } from '../operation-kind.ts';
import type { Patience } from '../../filesystem/operation-context.ts';
import { Call } from '../call.ts';
import { strangersOptions } from '../strangers-options.ts';
import { snapshotAt } from './snapshot-at.ts';

interface GetArguments {
  readonly path: VirtualPath;
}

/** The entry at a path. */
const GET: OperationKind<Snapshot | undefined, GetArguments> = {
  name: 'get',
  changes: false,
  method: 'get',
  touches: ({ path }) => [{ path, permissions: ['read'] }],
  renamed: ({ path }, rename) => ({ path: rename(path) }),
  answered: (found, { path }) => found && snapshotAt(path, found),
  gate: (claimant, operation) => gatePath(claimant.claims(operation, operation.args.path), operation),
  perform: (operation, backend) =>
    backend.read(operation, (context) =>
      backend.adapter._get(operation.args.path, operation.call.borrows ? new Borrowing(context) : context),
    ),
  ask: (filesystem, operation) => filesystem.get(operation.args.path, strangersOptions(operation)),
  opened: (found, { path }, open) => found && open(path, found),
  told: (found) => ({ returned: found === undefined ? 0 : 1 }),
};

/** A `get`, as callers make it. */
export function makeGet(path: unknown, options: unknown): Operation<Snapshot | undefined> {
  return makeOperation(GET, {
    path: () => parsePath(path as string),
    rest: (target) => ({ args: { path: target }, limits: parseOperationOptions(options) }),
  });
}

/**
 * A `get` that is a part of something longer. Its body may be the one that is stored: it is only looked at, and what is the
 * caller's gets a copy; unless it `owns` the body.
 */
export function getWithin(
  patience: Patience,
  path: VirtualPath,
  { owns }: { readonly owns: boolean } = { owns: false },
): Operation<Snapshot | undefined> {
  return new Operation(GET, { path }, Call.within(patience, !owns));
}
