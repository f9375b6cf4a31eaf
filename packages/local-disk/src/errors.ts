import { HoldfastError, isHoldfastError, type ErrorCode, type Outcome } from '@holdfast/core';
import { errnoOf } from './calls/errno.ts';

type Meaning = readonly [code: ErrorCode, message: string];

const DENIED: Meaning = ['ACCESS_DENIED', 'the file system refuses access'];
const LINK: Meaning = ['ACCESS_DENIED', 'a symbolic link is in the way'];
const FULL: Meaning = ['STORAGE_FULL', 'the disk or the quota is full'];
const CONFLICT: Meaning = ['PATH_CONFLICT', 'something else is in the way'];
const TOO_MANY_FILES: Meaning = ['BUSY', 'too many files are open'];

/** What each error of the operating system means here when no operation had a better answer to it. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  EACCES: DENIED,
  EPERM: DENIED,
  EROFS: DENIED,
  ELOOP: LINK,
  // What FreeBSD answers where others answer ELOOP.
  EMLINK: LINK,
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: ['BODY_TOO_LARGE', 'the file system holds no file this long'],
  ENAMETOOLONG: ['INVALID_PATH', 'the file system holds no name this long'],
  EILSEQ: ['INVALID_PATH', 'the file system holds no such name'],
  EEXIST: CONFLICT,
  ENOTEMPTY: CONFLICT,
  ENOTDIR: CONFLICT,
  EISDIR: CONFLICT,
  // The operations answer a plain absence themselves; this is something that went away under them.
  ENOENT: ['BUSY', 'what the call stood on was removed meanwhile'],
  // A file that somebody mounted something on cannot be replaced or removed, now or later.
  EBUSY: ['ACCESS_DENIED', 'a mount point is in the way'],
  EXDEV: ['BACKEND_FAILED', 'the file system cannot rename within one directory'],
  EMFILE: TOO_MANY_FILES,
  ENFILE: TOO_MANY_FILES,
};

const FAILED: Meaning = ['BACKEND_FAILED', 'the file system failed'];

/** What is known about a failure beside the error itself. */
export interface FailureContext {
  /** The virtual path, where it is not the one the caller gave. */
  readonly path?: string | undefined;
  /** `'not-applied'` by default: whatever comes after publication says otherwise. */
  readonly outcome?: Outcome | undefined;
}

/**
 * Makes an error of the operating system a {@link HoldfastError}, whose message names no host path. One that
 * already is a HoldfastError stays as it is. Anything that is no failed system call is a bug, about which
 * nothing is promised: `BACKEND_FAILED` with an unknown outcome.
 */
export function diskError(thrown: unknown, { path, outcome = 'not-applied' }: FailureContext = {}): HoldfastError {
  if (isHoldfastError(thrown)) return thrown;
  const errno = errnoOf(thrown);
  const [code, message] = (errno === undefined ? undefined : MEANINGS[errno]) ?? FAILED;
  return new HoldfastError(code, message, {
    path,
    outcome: errno === undefined ? 'unknown' : outcome,
    cause: thrown,
  });
}

/**
 * The error of a call that would have published or deleted. Most codes are a refusal, which changed nothing;
 * EIO, and what this table does not know, may come after the change.
 */
export function publicationError(thrown: unknown): HoldfastError {
  const refused = (errnoOf(thrown) ?? '') in MEANINGS;
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
