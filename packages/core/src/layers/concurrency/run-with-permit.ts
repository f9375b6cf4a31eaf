import type { OperationContext } from '../../filesystem/operation-context.ts';
import { runLater, type WorkObserver } from '../../filesystem/work-observer.ts';
import type { Permit } from './permits.ts';

/** What a later call of an operation is run with. */
export interface PermitParts {
  readonly context: OperationContext;
  /** Who else observes the operation. */
  readonly above: WorkObserver | undefined;
  readonly take: () => Permit | Promise<Permit>;
}

/**
 * Runs a later call of an operation with a permit of its own, and gives that back. Permits of layers above are taken
 * first, as they are for every other call: two that took them in different orders could wait for each other forever.
 */
export function runWithPermit<T>(call: () => Promise<T>, { context, above, take }: PermitParts): Promise<T> {
  const run = async (): Promise<T> => {
    const permit = await take();
    try {
      return await call();
    } finally {
      permit.release();
    }
  };
  return runLater(above, run, context);
}
