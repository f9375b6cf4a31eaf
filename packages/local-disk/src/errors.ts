import { HoldfastError, isHoldfastError, type Outcome } from '@holdfast/core';
import { errnoOf } from './calls/errno.ts';
import { meaningOf } from './meanings.ts';

/** What is known about a failure beside the error itself. */
export interface FailureContext {
  /** The virtual path, where it is not the one the caller gave. */
  readonly path?: string | undefined;
  /** `'not-applied'` by default: whatever comes after publication says otherwise. */
  readonly outcome?: Outcome | undefined;
}

/**
 * Makes an error of the operating system a {@link HoldfastError}, whose message names its code and no host path. One that
 * already is a HoldfastError stays as it is. Anything that is no failed system call is a bug, about which
 * nothing is promised: `BACKEND_FAILED` with an unknown outcome.
 */
export function diskError(thrown: unknown, { path, outcome = 'not-applied' }: FailureContext = {}): HoldfastError {
  if (isHoldfastError(thrown)) return thrown;
  const errno = errnoOf(thrown);
  if (errno === undefined) {
    return new HoldfastError('BACKEND_FAILED', 'the file system failed', { path, outcome: 'unknown', cause: thrown });
  }
  const { code, message } = meaningOf(errno);
  return new HoldfastError(code, `${message} (${errno})`, { path, outcome, cause: thrown });
}

/**
 * The error of a call that would have published or deleted. Most codes are a refusal, which changed nothing; EIO, those
 * of a network, and what nobody decided about may come after the change.
 */
export function publicationError(thrown: unknown): HoldfastError {
  const errno = errnoOf(thrown);
  const refused = errno !== undefined && meaningOf(errno).refusal;
  return diskError(thrown, { outcome: refused ? 'not-applied' : 'unknown' });
}

/** Runs what follows publication, where no failure can promise any more that nothing changed. */
export async function afterPublication(finish: () => Promise<void>): Promise<void> {
  try {
    await finish();
  } catch (thrown) {
    const { code, message, cause } = diskError(thrown);
    throw new HoldfastError(code, `${message}, after the change was made`, { outcome: 'unknown', cause });
  }
}

/** Runs an operation so that no raw error leaves it. */
export async function withDiskErrors<T>(operation: () => Promise<T>, path?: string): Promise<T> {
  try {
    return await operation();
  } catch (thrown) {
    throw diskError(thrown, { path });
  }
}
