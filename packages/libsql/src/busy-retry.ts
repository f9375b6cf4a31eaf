import { isHoldfastError, type HoldfastError } from '@holdfast/core';
import { clock, pause, type OperationContext } from '@holdfast/core/adapter';

/** How long to wait for a lock, and what ends the wait early. */
export interface BusyPatience {
  readonly busyTimeoutMs: number;
  readonly context: OperationContext;
  /** Since when the wait counts, told after each `BUSY`. By default since the first one. */
  waitedSince?(): number;
}

/** Something that may find the database busy. */
export interface BusyAttempt<T> {
  /** Tries. A `BUSY` is tried again, any other error ends it. */
  run(): Promise<T>;
  /** Asked after each `BUSY`: an answer other than `undefined` is taken instead of waiting any longer. */
  giveUp?(busy: HoldfastError): Promise<T | undefined>;
}

const FIRST_PAUSE_MS = 1;
/** The longest pause on average; jitter makes it up to half as long again. */
const LONGEST_MEAN_PAUSE_MS = 16;

/**
 * Tries until it is not `BUSY`, with pauses during which the event loop runs. Nobody tells when a lock becomes
 * free, so it asks, at intervals that grow and have jitter.
 *
 * @throws HoldfastError `BUSY` when the time is up; the reason of the signal
 */
export async function retryWhileBusy<T>(attempt: BusyAttempt<T>, patience: BusyPatience): Promise<T> {
  const { busyTimeoutMs, context } = patience;
  let first: number | undefined;
  for (let polls = 0; ; polls += 1) {
    try {
      return await attempt.run();
    } catch (error) {
      if (!isHoldfastError(error, 'BUSY')) throw error;
      first ??= clock.now();
      const instead = await attempt.giveUp?.(error);
      if (instead !== undefined) return instead;
      const waitedSince = patience.waitedSince?.() ?? first;
      const remainingMs = waitedSince + busyTimeoutMs - clock.now();
      if (remainingMs <= 0) throw error;
      await pause(Math.min(pollPauseMs(polls), remainingMs), context.signal);
      if (context.signal.aborted) throw context.signal.reason;
    }
  }
}

function pollPauseMs(polls: number): number {
  const mean = Math.min(LONGEST_MEAN_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(polls, 8));
  return mean * (0.5 + Math.random());
}
