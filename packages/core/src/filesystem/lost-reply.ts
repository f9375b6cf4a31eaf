import { type HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import { ownError } from '../errors/own-error.ts';
import { pause } from '../timing/pause.ts';
import type { Mutation } from './mutation.ts';
import { Patience } from './operation-context.ts';

/**
 * How long a lost reply is looked into, in milliseconds, when the caller's deadline does not end it earlier.
 * Covers the failover of a pooled connection, not that of a database.
 */
export const RESOLVE_LOST_REPLY_MS = 5000;

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 500;

/**
 * Finds out whether a write landed whose reply was lost, by reading back.
 *
 * Our own version there: it landed. The expected version still there: it has not landed yet, so the same
 * write goes out again; whichever copy comes first replaces the expected version for good, so they cannot
 * both land. Anything else (or no version to recognise it by) cannot be told and is `OUTCOME_UNKNOWN`.
 *
 * @throws HoldfastError `OUTCOME_UNKNOWN`
 */
export async function resolveLostReply<T>(mutation: Mutation<T>, caller: Patience, lost: HoldfastError): Promise<T> {
  // Without a version on either side, nothing that could be read would tell.
  if (mutation.minted === undefined && mutation.expected === undefined) throw unknown(mutation, lost);
  // The caller's deadline is in its signal. A second clock for it could be the first to end, and with another code.
  const timeoutMs = caller.remainingMs() > RESOLVE_LOST_REPLY_MS ? RESOLVE_LOST_REPLY_MS : undefined;
  using patience = new Patience(mutation.operation, mutation.path, { signal: caller.signal, timeoutMs });
  const isOver = (): boolean => caller.exhausted() !== undefined || patience.exhausted() !== undefined;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const verdict = await Promise.race([lookAndResend(mutation, patience, isOver), patience.gaveUp()]);
    if (verdict === 'landed') return mutation.applied;
    if (verdict === 'untold' || isOver()) throw unknown(mutation, lost);
    await pause(pauseMs, patience.signal);
  }
}

type Verdict = 'landed' | 'untold' | 'try-again';

async function lookAndResend<T>(mutation: Mutation<T>, patience: Patience, isOver: () => boolean): Promise<Verdict> {
  let found;
  try {
    found = await mutation.readVersion(patience);
  } catch (error) {
    return isHoldfastError(error) && !error.retryable ? 'untold' : 'try-again';
  }
  if (found !== undefined && found === mutation.minted) return 'landed';
  if (found === undefined || found !== mutation.expected) return 'untold';
  // The reading may have outlasted the caller, who has been told that the outcome is unknown. Nothing is sent then.
  if (isOver()) return 'untold';
  try {
    await mutation.send(patience);
    return 'landed';
  } catch {
    // Also after a definite refusal: the first copy may have been what changed the version. Look again.
    return 'try-again';
  }
}

function unknown<T>(mutation: Mutation<T>, lost: HoldfastError): HoldfastError {
  return ownError('OUTCOME_UNKNOWN', 'the reply was lost and reading back could not tell the outcome', {
    operation: mutation.operation,
    path: mutation.path,
    cause: lost,
  });
}
