import { setImmediate as nextTurn } from 'node:timers/promises';
import { isHoldfastError } from '@holdfast/core';
import { pause, type OperationContext } from '@holdfast/core/adapter';

/** How long to wait for a lock, and what ends the wait early. */
export interface BusyPatience {
  readonly busyTimeoutMs: number;
  readonly context: OperationContext;
}

/** Something that may find the database busy. */
export interface BusyAttempt<T> {
  /** Tries. A `BUSY` is tried again, any other error ends it. */
  run(): T;
  /** Asked after each `BUSY`: an answer other than `undefined` is taken instead of waiting any longer. */
  giveUp?(): T | undefined;
}

const QUICK_POLLS = 4;
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 16;

/**
 * Tries until it is not `BUSY`, with pauses during which the event loop runs. Nobody tells when a lock becomes
 * free, so it asks: a few times at once, since most transactions take less than a millisecond, then at
 * intervals that grow and have jitter, so that waiting processes do not ask in step.
 *
 * @throws HoldfastError `BUSY` with outcome `'not-applied'` when the time is up; the reason of the signal
 */
export async function retryWhileBusy<T>(attempt: BusyAttempt<T>, patience: BusyPatience): Promise<T> {
  let waitedSince: number | undefined;
  for (let polls = 0; ; polls += 1) {
    try {
      return attempt.run();
    } catch (error) {
      if (!isHoldfastError(error, 'BUSY')) throw error;
      const instead = attempt.giveUp?.();
      if (instead !== undefined) return instead;
      waitedSince ??= performance.now();
      const remainingMs = waitedSince + patience.busyTimeoutMs - performance.now();
      if (remainingMs <= 0) throw error;
      await waitForTurn(polls, remainingMs, patience.context);
    }
  }
}

async function waitForTurn(polls: number, remainingMs: number, context: OperationContext): Promise<void> {
  const { signal } = context;
  if (polls < QUICK_POLLS) await nextTurn();
  else await pause(Math.min(pollPauseMs(polls - QUICK_POLLS), remainingMs), signal);
  if (signal.aborted) throw signal.reason;
}

function pollPauseMs(polls: number): number {
  const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(polls, 8));
  return ceiling * (0.5 + Math.random());
}
