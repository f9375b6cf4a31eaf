import type { HoldfastError } from '../errors/holdfast-error.ts';
import { argumentError } from '../filesystem/adapter-error.ts';
import type { OperationLimits } from '../filesystem/operation-options.ts';
import type { DirectoryPath } from '../paths/virtual-path.ts';
import { Call } from './call.ts';
import { Operation } from './operation.ts';
import type { OperationArguments, OperationKind } from './operation-kind.ts';
import type { Series } from './series.ts';

/** How an operation is made of what a caller gave. Everything that is looked at is looked at once. */
export interface Given<R, A extends OperationArguments, P extends DirectoryPath> {
  /** Checks the path, which comes first, so that everything else that is wrong can name it. */
  readonly path: () => P;
  /** With the kind that it has turned out to be, where that is another one. */
  readonly rest: (path: P) => {
    readonly args: A;
    readonly limits: OperationLimits;
    readonly kind?: OperationKind<R, A>;
  };
  readonly series?: Series | undefined;
}

/**
 * Makes an operation. What the caller got wrong is its `refusal`: it goes the way that the operation would have gone, so
 * that who may not do it at all hears that first, and layers that tell of operations hear of this one.
 */
export function makeOperation<R, A extends OperationArguments, P extends DirectoryPath>(
  kind: OperationKind<R, A>,
  { path, rest, series }: Given<R, A, P>,
): Operation<R, A> {
  const { name, changes } = kind;
  let target: P | undefined;
  try {
    target = path();
    const { args, limits, kind: own = kind } = rest(target);
    return new Operation(own, args, Call.of({ name, path: target, changes: own.changes }, limits, series));
  } catch (thrown) {
    return refusedOperation(kind, target, argumentError(thrown, { name, path: target, changes }));
  }
}

/** An operation that everybody refuses as that one would have been refused, and nobody does. */
function refusedOperation<R, A extends OperationArguments>(
  kind: OperationKind<R, A>,
  path: DirectoryPath | undefined,
  refusal: HoldfastError,
): Operation<R, A> {
  const { name, changes, method } = kind;
  const refuse = (): Promise<never> => Promise.reject(refusal);
  const refused: OperationKind<R, OperationArguments> = {
    name,
    changes,
    ...(method === undefined ? {} : { method }),
    touches: (args) => (args.path === undefined ? [] : kind.touches({ path: args.path } as A)),
    renamed: (args, rename) => ({ path: args.path && rename(args.path) }),
    perform: refuse,
    ask: refuse,
    told: () => ({}),
  };
  const call = Call.refused({ name, path, changes }, refusal);
  return new Operation(refused, { path }, call) as unknown as Operation<R, A>;
}
