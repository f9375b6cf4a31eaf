/** Hears of a rejection that nobody handled. */
export type RejectionListener = (reason: unknown, promise: Promise<unknown>) => void;

const EVENT = 'unhandledRejection';

/** Who listened before, and listens again afterwards: a test runner, which would count ours as errors of the whole run. */
let others: readonly RejectionListener[] = [];
let watching: RejectionListener | undefined;

/** Lets one listener alone hear of rejections that nobody handled; without one, everybody who did before. */
export function watchRejections(listener: RejectionListener | undefined): void {
  if (watching !== undefined) {
    process.off(EVENT, watching);
    for (const other of others) process.on(EVENT, other);
  }
  watching = listener;
  others = [];
  if (listener === undefined) return;
  others = process.rawListeners(EVENT) as RejectionListener[];
  for (const other of others) process.off(EVENT, other);
  process.on(EVENT, listener);
}

/**
 * Hands a rejection on to those who listened before.
 *
 * @throws the reason where nobody did, which ends the process as Node does
 */
export function forwardRejection(reason: unknown, promise: Promise<unknown>): void {
  if (others.length === 0) throw reason;
  for (const other of others) other(reason, promise);
}
