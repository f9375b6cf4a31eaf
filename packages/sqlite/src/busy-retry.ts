import { isHoldfastError, type HoldfastError } from '@holdfast/core';
import { clock, pause, type OperationContext } from '@holdfast/core/adapter';
import { eventLoopTurns } from '@holdfast/sql';

/** How long to wait for a lock, and what ends the wait early. */
export interface BusyPatience {
  readonly busyTimeoutMs: number;
  readonly context: OperationContext;
}

/** Something that may find the database busy. */
export interface BusyAttempt<T> {
  /** Tries, here or elsewhere. A `BUSY` is tried again, any other error ends it. */
  run(): T | Promise<T>;
  /** Asked after each `BUSY`: an answer other than `undefined` is taken instead of waiting any longer. */
  giveUp?(busy: HoldfastError): T | undefined;
  /** For how long not to try yet, in milliseconds. That is no failure, and no part of `busyTimeoutMs`. */
  restMs?(): number;
}

const QUICK_POLLS = 4;
const FIRST_PAUSE_MS = 1;
/** The longest pause on average; jitter makes it up to half as long again. */
const LONGEST_MEAN_PAUSE_MS = 16;

/**
 * Tries until it is not `BUSY`, with pauses during which the event loop runs. Nobody tells when a lock becomes
 * free, so it asks: a few times at once, since most transactions take less than a millisecond, then at
 * intervals that grow and have jitter, so that waiting processes do not ask in step. Each try waits for its turn
 * of the event loop, so that many callers do not keep it busy together.
 *
 * @throws HoldfastError `BUSY` with outcome `'not-applied'` when the time is up; the reason of the signal
 */
export async function retryWhileBusy<T>(attempt: BusyAttempt<T>, patience: BusyPatience): Promise<T> {
  let waitedSince: number | undefined;
  for (let polls = 0; ; polls += 1) {
    const tried = await eventLoopTurns.run(() => tryOnce(attempt), patience.context);
    if ('value' in tried) return tried.value;
    if ('restMs' in tried) {
      polls -= 1;
      await pauseFor(tried.restMs, patience.context);
      continue;
    }
    waitedSince ??= clock.now();
    const remainingMs = waitedSince + patience.busyTimeoutMs - clock.now();
    if (remainingMs <= 0) throw tried.busy;
    await waitForTurn(polls, remainingMs, patience.context);
  }
}

type Tried<T> = { readonly value: T } | { readonly busy: HoldfastError } | { readonly restMs: number };

function tryOnce<T>(attempt: BusyAttempt<T>): Tried<T> | Promise<Tried<T>> {
  const restMs = attempt.restMs?.() ?? 0;
  if (restMs > 0) return { restMs };
  const failed = (error: unknown): Tried<T> => {
    if (!isHoldfastError(error, 'BUSY')) throw error;
    const instead = attempt.giveUp?.(error);
    return instead === undefined ? { busy: error } : { value: instead };
  };
  try {
    const value = attempt.run();
    // What was tried here is not waited for: a turn of the loop goes on with it.
    return isPromise(value) ? value.then((it) => ({ value: it }), failed) : { value };
  } catch (error) {
    return failed(error);
  }
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>> | undefined)?.then === 'function';
}

async function waitForTurn(polls: number, remainingMs: number, context: OperationContext): Promise<void> {
  if (polls >= QUICK_POLLS) return pauseFor(Math.min(pollPauseMs(polls - QUICK_POLLS), remainingMs), context);
  await clock.nextTurn();
  if (context.signal.aborted) throw context.signal.reason;
}

async function pauseFor(milliseconds: number, { signal }: OperationContext): Promise<void> {
  await pause(milliseconds, signal);
  if (signal.aborted) throw signal.reason;
}

function pollPauseMs(polls: number): number {
  const mean = Math.min(LONGEST_MEAN_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(polls, 8));
  return mean * (0.5 + Math.random());
}
