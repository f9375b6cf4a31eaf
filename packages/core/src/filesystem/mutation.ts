import { type HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import { causeOf } from '../errors/restated.ts';
import { errorOf } from '../operations/named.ts';
import type { Operation } from '../operations/operation.ts';
import { adapterError } from './adapter-error.ts';
import type { Backend } from './backend.ts';
import { unlessCutShort } from './cut-short.ts';
import { resolveLostReply } from './lost-reply.ts';
import { tellingMarks, verdictOf, type Mark } from './marks.ts';
import { Patience, type OperationContext } from './operation-context.ts';

/**
 * How long, after the caller's deadline or abort, a write that is in flight may still be resolved, in
 * milliseconds. Long enough for one round trip to a database in the same region. With what a timer and a busy event loop add,
 * the call ends within a quarter of a second.
 */
export const IN_FLIGHT_GRACE_MS = 225;

/** One write, all or nothing, at one path or several, with what is needed to find out what became of it. */
export interface Mutation<S, T> {
  /** What the caller gets when reading back shows that the write landed. */
  readonly applied: T;
  /** Sends the write. Calling it again sends the very same write. */
  send(context: OperationContext): Promise<S>;
  /** What the caller gets when the backend has answered. */
  answered(sent: S): T;
  /** What it changes, one for each entry. */
  marks(): readonly Mark[];
  /** Whether no copy of it can land any more once this refusal was answered: what it expected never comes back. */
  isOverAfter?(refusal: HoldfastError): boolean;
}

/**
 * What really became of a mutation that was sent and not answered with success in time, as far as that can be found out.
 *
 * @throws HoldfastError with an `outcome`
 */
export async function truthOf<S, T>(
  mutation: Mutation<S, T>,
  operation: Operation<T>,
  sent: Promise<S>,
  backend: Backend,
): Promise<T> {
  const work = settled(mutation, operation, sent, backend);
  return await (operation.isBounded ? untilGaveUp(mutation, operation, work, backend) : work);
}

/** The same as the work, unless the caller gives up before. */
async function untilGaveUp<S, T>(
  mutation: Mutation<S, T>,
  operation: Operation<T>,
  work: Promise<T>,
  backend: Backend,
): Promise<T> {
  const { patience } = operation.call;
  try {
    return await patience.race(work);
  } catch (thrown) {
    // Which of the two was heard of first tells nothing.
    const over = patience.exhausted();
    if (over === undefined || (thrown !== over && isRefusal(thrown))) throw unlessCutShort(thrown, operation);
    backend.trackAlso(work);
    return await settleInFlight(mutation, { work, gaveUp: operation.overdue(over), operation, backend });
  }
}

/** A write whose caller waits no longer. */
interface InFlight<T> {
  readonly work: Promise<T>;
  readonly gaveUp: HoldfastError;
  readonly operation: Operation;
  readonly backend: Backend;
}

/** What became of a write that was sent, whoever still waits for it. */
async function settled<S, T>(
  mutation: Mutation<S, T>,
  operation: Operation<T>,
  sent: Promise<S>,
  backend: Backend,
): Promise<T> {
  try {
    return mutation.answered(await sent);
  } catch (thrown) {
    const error = adapterError(thrown, operation);
    // Once the caller gave up, `settleInFlight` has the last word within its grace.
    if (error.outcome !== 'unknown' || operation.exhausted() !== undefined) throw error;
    return await resolveLostReply(mutation, operation, error, backend);
  }
}

/** The caller gave up while the write was in flight: gives it a short grace to be told the truth. */
async function settleInFlight<T>(mutation: Mutation<unknown, T>, inFlight: InFlight<T>): Promise<T> {
  const { work, gaveUp, operation, backend } = inFlight;
  const over = new AbortController();
  using grace = new Patience(READING_BACK, { signal: over.signal, timeoutMs: IN_FLIGHT_GRACE_MS });
  const unknown = withOutcomeUnknown(gaveUp, operation);
  const marks = tellingMarks(mutation.marks()).filter(({ minted }) => minted !== undefined);
  const isThere = async (): Promise<boolean> => {
    try {
      return (await verdictOf(marks, (path) => backend.readBack(operation, path, grace))) === 'landed';
    } catch {
      // When it cannot be told, it is not.
      return false;
    }
  };
  const answered = work.catch(async (error: unknown) => {
    if (isRefusal(error)) throw unlessCutShort(error, operation);
    // The adapter gave up too. Its write is past now, so one more look can tell what an earlier one could not.
    if (await isThere()) return mutation.applied;
    throw unknown;
  });
  // Settles only when our own version is seen; anything else may still change while the write is in flight.
  const seenToLand = isThere().then((landed) => (landed ? mutation.applied : new Promise<never>(() => {})));
  const timeUp = grace.gaveUp().then(() => {
    throw unknown;
  });
  try {
    // Awaited here, so that the grace lasts as long as the wait.
    return await Promise.race([answered, seenToLand, timeUp]);
  } finally {
    // A reading that nobody needs any more is not to wait for its turn.
    over.abort();
  }
}

const READING_BACK = { name: 'get', path: undefined, changes: false } as const;

function isRefusal(thrown: unknown): boolean {
  return isHoldfastError(thrown) && thrown.outcome === 'not-applied';
}

function withOutcomeUnknown(error: HoldfastError, operation: Operation): HoldfastError {
  // It is one of patience.
  const message = `${error.message} while the write was in flight`;
  return errorOf(operation, error.code, message, { outcome: 'unknown', ...causeOf(error) });
}
