import type { HoldfastError } from '../errors/holdfast-error.ts';
import { argumentError } from '../filesystem/adapter-error.ts';
import type { OperationLimits } from '../filesystem/operation-options.ts';
import type { DirectoryPath } from '../paths/virtual-path.ts';
import { Call } from './call.ts';
import { Operation } from './operation.ts';
import type { OperationArguments, OperationKind, Touch } from './operation-kind.ts';
import type { Series } from './series.ts';

/** How an operation is made of what a caller gave. Everything that is looked at is looked at once. */
export interface Given<R, A extends OperationArguments, P extends DirectoryPath | undefined> {
  /** Checks the path, which comes first, so that everything else that is wrong can name it; of one that has none, `undefined`. */
  readonly path: () => P;
  /** With the kind that it has turned out to be, where that is another one. */
  readonly rest: (path: P) => {
    readonly args: A;
    readonly limits: OperationLimits;
    readonly kind?: OperationKind<R, A>;
  };
  readonly series?: Series | undefined;
  /** What of it is known to be touched when the rest is malformed, where that is more than the path. */
  readonly touched?: () => readonly Touch[];
}

/**
 * Makes an operation. What the caller got wrong is its `refusal`: it goes the way that the operation would have gone, so
 * that who may not do it at all hears that first, and layers that tell of operations hear of this one.
 */
export function makeOperation<R, A extends OperationArguments, P extends DirectoryPath | undefined>(
  kind: OperationKind<R, A>,
  given: Given<R, A, P>,
): Operation<R, A> {
  const { name, changes } = kind;
  const { path, rest, series } = given;
  let target: P | undefined;
  try {
    target = path();
    const { args, limits, kind: own = kind } = rest(target);
    return new Operation(own, args, Call.of({ name, path: target, changes: own.changes }, limits, series));
  } catch (thrown) {
    const touched = target === undefined ? [] : (given.touched?.() ?? kind.touches({ path: target } as A));
    const refusal = argumentError(thrown, { name, path: target, changes });
    return refusedOperation(kind, { path: target, touched }, refusal);
  }
}

/** What is known of an operation that is malformed. */
interface RefusedArguments extends OperationArguments {
  readonly touched: readonly Touch[];
}

/** An operation that everybody refuses as that one would have been refused, and nobody does. */
function refusedOperation<R, A extends OperationArguments>(
  kind: OperationKind<R, A>,
  args: RefusedArguments,
  refusal: HoldfastError,
): Operation<R, A> {
  const { name, changes, method } = kind;
  const refuse = (): Promise<never> => Promise.reject(refusal);
  const refused: OperationKind<R, RefusedArguments> = {
    name,
    changes,
    ...(method === undefined ? {} : { method }),
    touches: ({ touched = [] }) => touched,
    renamed: ({ path, touched }, rename) => ({
      path: path && rename(path),
      touched: touched.map((touch) => ({ ...touch, path: rename(touch.path) })),
    }),
    perform: refuse,
    ask: refuse,
    told: () => ({}),
  };
  const call = Call.refused({ name, path: args.path, changes }, refusal);
  return new Operation(refused, args, call) as unknown as Operation<R, A>;
}
