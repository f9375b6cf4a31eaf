import { type HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import { errorOf } from '../operations/named.ts';
import type { Operation } from '../operations/operation.ts';
import { pause } from '../timing/pause.ts';
import type { Version } from '../versions/version.ts';
import type { Backend } from './backend.ts';
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
export async function resolveLostReply<T>(
  mutation: Mutation<unknown, T>,
  caller: Operation,
  lost: HoldfastError,
  backend: Pick<Backend, 'track'>,
): Promise<T> {
  // Without a version on either side, nothing that could be read would tell.
  if (mutation.minted === undefined && mutation.expected === undefined) throw unknown(caller, lost);
  // The caller's deadline is in its signal. A second clock for it could be the first to end, and with another code.
  const timeoutMs = caller.remainingMs() > RESOLVE_LOST_REPLY_MS ? RESOLVE_LOST_REPLY_MS : undefined;
  using patience = new Patience(caller, { signal: caller.signal, timeoutMs });
  const send = (): Promise<unknown> => backend.track(() => mutation.send(patience), caller.call.observer);
  const { minted, expected } = mutation;
  const looking = { minted, expected, readVersion: () => mutation.readVersion(patience), send };
  const isOver = (): boolean => caller.exhausted() !== undefined || patience.exhausted() !== undefined;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const verdict = await Promise.race([lookAndResend(looking, isOver), patience.gaveUp()]);
    if (verdict === 'landed') return mutation.applied;
    if (verdict === 'untold' || isOver()) throw unknown(caller, lost);
    await pause(pauseMs, patience.signal);
  }
}

type Verdict = 'landed' | 'untold' | 'try-again';

interface Looking {
  readonly minted: Version | undefined;
  readonly expected: Version | undefined;
  readonly readVersion: () => Promise<Version | undefined>;
  readonly send: () => Promise<unknown>;
}

async function lookAndResend(mutation: Looking, isOver: () => boolean): Promise<Verdict> {
  let found;
  try {
    found = await mutation.readVersion();
  } catch (error) {
    return isHoldfastError(error) && !error.retryable ? 'untold' : 'try-again';
  }
  if (found !== undefined && found === mutation.minted) return 'landed';
  if (found === undefined || found !== mutation.expected) return 'untold';
  // The reading may have outlasted the caller, who has been told that the outcome is unknown. Nothing is sent then.
  if (isOver()) return 'untold';
  try {
    await mutation.send();
    return 'landed';
  } catch {
    // Also after a definite refusal: the first copy may have been what changed the version. Look again.
    return 'try-again';
  }
}

function unknown(operation: Operation, lost: HoldfastError): HoldfastError {
  const message = 'the reply was lost and reading back could not tell the outcome';
  return errorOf(operation, 'OUTCOME_UNKNOWN', message, { cause: lost });
}
