import { type HoldfastError, isHoldfastError, type OperationName } from '../errors/holdfast-error.ts';
import { ownError } from '../errors/own-error.ts';
import { causeOf } from '../errors/restated.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import { eventLoopShare } from '../timing/event-loop-share.ts';
import type { Version } from '../versions/version.ts';
import { adapterError } from './adapter-error.ts';
import { unlessCutShort } from './cut-short.ts';
import { Patience, type OperationContext } from './operation-context.ts';
import { resolveLostReply } from './lost-reply.ts';

/**
 * How long, after the caller's deadline or abort, a write that is in flight may still be resolved, in
 * milliseconds. Long enough for one round trip to a database in the same region, short enough to go unnoticed.
 */
export const IN_FLIGHT_GRACE_MS = 250;

/** One conditional write or delete, with what is needed to find out what became of it. */
export interface Mutation<T> {
  readonly operation: OperationName;
  readonly path: VirtualPath;
  /** What the caller gets when reading back shows that the write landed. */
  readonly applied: T;
  /** The version the write gives the entry; `undefined` when landing leaves no version to recognise. */
  readonly minted: Version | undefined;
  /** The version the write expects; `undefined` when it expects none. */
  readonly expected: Version | undefined;
  /** Sends the write. Calling it again sends the very same write. */
  send(context: OperationContext): Promise<T>;
  /** The version there now. */
  readVersion(context: OperationContext): Promise<Version | undefined>;
}

/**
 * Sends a mutation and answers with what really became of it, as far as that can be found out.
 *
 * @throws HoldfastError with an `outcome`
 */
export async function runMutation<T>(mutation: Mutation<T>, patience: Patience): Promise<T> {
  const tooLate = patience.exhausted();
  if (tooLate !== undefined) throw tooLate;
  try {
    const work = send(mutation, patience);
    if (!patience.bounded) return await work;
    let over: HoldfastError | undefined;
    try {
      over = await Promise.race([work.then(() => undefined), patience.gaveUp()]);
    } catch (thrown) {
      // Which of the two was heard of first tells nothing.
      over = patience.exhausted();
      if (over === undefined || isRefusal(thrown)) throw unlessCutShort(thrown, patience);
    }
    return await (over === undefined ? work : settleInFlight(mutation, { work, gaveUp: over, patience }));
  } finally {
    const turn = eventLoopShare.due({ reads: false });
    if (turn !== undefined) await turn;
  }
}

/** A write whose caller waits no longer. */
interface InFlight<T> {
  readonly work: Promise<T>;
  readonly gaveUp: HoldfastError;
  readonly patience: Patience;
}

async function send<T>(mutation: Mutation<T>, patience: Patience): Promise<T> {
  try {
    return await mutation.send(patience);
  } catch (thrown) {
    const error = adapterError(thrown, mutation.operation, mutation.path);
    // Once the caller gave up, `settleInFlight` has the last word within its grace.
    if (error.outcome !== 'unknown' || patience.exhausted() !== undefined) throw error;
    return await resolveLostReply(mutation, patience, error);
  }
}

/** The caller gave up while the write was in flight: gives it a short grace to be told the truth. */
async function settleInFlight<T>(mutation: Mutation<T>, { work, gaveUp, patience }: InFlight<T>): Promise<T> {
  const over = new AbortController();
  using grace = new Patience('get', mutation.path, { signal: over.signal, timeoutMs: IN_FLIGHT_GRACE_MS });
  const unknown = withOutcomeUnknown(gaveUp);
  const answered = work.catch(async (error: unknown) => {
    if (isRefusal(error)) throw unlessCutShort(error, patience);
    // The adapter gave up too. Its write is past now, so one more look can tell what an earlier one could not.
    if (await isThere(mutation, grace)) return mutation.applied;
    throw unknown;
  });
  const timeUp = grace.gaveUp().then(() => {
    throw unknown;
  });
  try {
    // Awaited here, so that the grace lasts as long as the wait.
    return await Promise.race([answered, seenToLand(mutation, grace), timeUp]);
  } finally {
    // A reading that nobody needs any more is not to wait for its turn.
    over.abort();
  }
}

/** Settles only when our own version is seen; anything else may still change while the write is in flight. */
async function seenToLand<T>(mutation: Mutation<T>, grace: Patience): Promise<T> {
  return (await isThere(mutation, grace)) ? mutation.applied : new Promise<never>(() => {});
}

/** Whether our own version is seen. When that cannot be told, it is not. */
async function isThere<T>(mutation: Mutation<T>, grace: Patience): Promise<boolean> {
  if (mutation.minted === undefined) return false;
  try {
    return (await mutation.readVersion(grace)) === mutation.minted;
  } catch {
    return false;
  }
}

function isRefusal(thrown: unknown): boolean {
  return isHoldfastError(thrown) && thrown.outcome === 'not-applied';
}

function withOutcomeUnknown(error: HoldfastError): HoldfastError {
  // It is one of patience.
  return ownError(error.code, `${error.message} while the write was in flight`, {
    operation: error.operation,
    path: error.path,
    outcome: 'unknown',
    ...causeOf(error),
  });
}
