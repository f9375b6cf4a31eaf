import { type HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import { errorOf } from '../operations/named.ts';
import type { Operation } from '../operations/operation.ts';
import { pause } from '../timing/pause.ts';
import { adapterError } from './adapter-error.ts';
import type { Backend } from './backend.ts';
import { tellingMarks, verdictOf, type Mark, type ReadVersion, type Verdict } from './marks.ts';
import type { Mutation } from './mutation.ts';
import { Patience } from './operation-context.ts';

/**
 * How long a lost reply is looked into, in milliseconds, when the caller's deadline does not end it earlier.
 * Covers the failover of a pooled connection, not that of a database.
 */
export const RESOLVE_LOST_REPLY_MS = 5000;

/** How long is paused before the second look, in milliseconds; from look to look it doubles. */
export const FIRST_PAUSE_MS = 10;

/** The longest that is paused between two looks, in milliseconds. */
export const LONGEST_PAUSE_MS = 500;

/**
 * Finds out whether a write landed whose reply was lost, by reading back.
 *
 * Our own version there: it landed. The expected version still there: it has not landed yet, so the same
 * write goes out again; whichever copy comes first replaces the expected version for good, so they cannot
 * both land. Anything else (or no version to recognise it by) cannot be told and is `OUTCOME_UNKNOWN`. Of a write
 * at several paths, which lands as a whole, any one of them can tell; and if it is refused because of another one,
 * whose version has gone for good, and has not landed after that, it never will.
 *
 * @throws HoldfastError `OUTCOME_UNKNOWN`, or such a refusal
 */
export async function resolveLostReply<T>(
  mutation: Mutation<unknown, T>,
  caller: Operation,
  lost: HoldfastError,
  backend: Pick<Backend, 'track' | 'readBack'>,
): Promise<T> {
  // Without a version on either side there are none, and nothing is read.
  const marks = tellingMarks(mutation.marks());
  // The caller's deadline is in its signal. A second clock for it could be the first to end, and with another code.
  const timeoutMs = caller.remainingMs() > RESOLVE_LOST_REPLY_MS ? RESOLVE_LOST_REPLY_MS : undefined;
  using patience = new Patience(caller, { signal: caller.signal, timeoutMs });
  const send = (): Promise<unknown> => backend.track(() => mutation.send(patience), caller.call.observer);
  const read: ReadVersion = (path) => backend.readBack(caller, path, patience);
  const isOver = (): boolean => caller.exhausted() !== undefined || patience.exhausted() !== undefined;
  let final: HoldfastError | undefined;
  const refused = (error: unknown): void => {
    if (isHoldfastError(error) && mutation.isOverAfter?.(error) === true) final ??= adapterError(error, caller);
  };
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const looking = { marks, read, send: final === undefined ? send : undefined, refused, isOver };
    const verdict = await Promise.race([lookAndResend(looking), patience.gaveUp()]);
    if (verdict === 'landed') return mutation.applied;
    if (verdict === 'not-yet' && final !== undefined) throw final;
    if (verdict === 'untold' || isOver()) throw unknown(caller, lost);
    await pause(pauseMs, patience.signal);
  }
}

interface Looking {
  readonly marks: readonly Mark[];
  readonly read: ReadVersion;
  /** Not there once it can no longer land. */
  readonly send: (() => Promise<unknown>) | undefined;
  readonly refused: (error: unknown) => void;
  readonly isOver: () => boolean;
}

async function lookAndResend({ marks, read, send, refused, isOver }: Looking): Promise<Verdict | 'try-again'> {
  let verdict: Verdict;
  try {
    verdict = await verdictOf(marks, read);
  } catch (error) {
    return isHoldfastError(error) && !error.retryable ? 'untold' : 'try-again';
  }
  if (verdict !== 'not-yet' || send === undefined) return verdict;
  // The reading may have outlasted the caller, who has been told that the outcome is unknown. Nothing is sent then.
  if (isOver()) return 'untold';
  try {
    await send();
    return 'landed';
  } catch (error) {
    refused(error);
    // Also after a definite refusal: the first copy may have been what changed the version. Look again.
    return 'try-again';
  }
}

function unknown(operation: Operation, lost: HoldfastError): HoldfastError {
  const message = 'the reply was lost and reading back could not tell the outcome';
  return errorOf(operation, 'OUTCOME_UNKNOWN', message, { cause: lost });
}
