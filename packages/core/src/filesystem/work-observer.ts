import type { OperationContext } from './operation-context.ts';

/**
 * Told of what a call really makes the backend do, which may outlast the call: a caller that gave up has its answer
 * while the backend still works.
 */
export interface WorkObserver {
  /** A backend call has begun, and ends when the promise settles. */
  began(work: Promise<unknown>): void;
  /**
   * Runs a backend call that does not begin together with its operation: a read that finds out what became of a write.
   * It may wait with it, or refuse it.
   */
  run<T>(call: () => Promise<T>, context: OperationContext): Promise<T>;
}

/** Runs such a call as the observer wants it, if there is one. */
export function runLater<T>(
  observer: WorkObserver | undefined,
  call: () => Promise<T>,
  context: OperationContext,
): Promise<T> {
  return observer === undefined ? call() : observer.run(call, context);
}
