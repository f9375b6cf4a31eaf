import { HoldfastError } from '@holdfast/core';

// The adapter's own refusals. Each comes before anything was changed, which its outcome promises.

/** `ACCESS_DENIED`: a symbolic link is at the path or leads to it, or the directory was moved meanwhile. */
export function linkRefused(path?: string): HoldfastError {
  return new HoldfastError('ACCESS_DENIED', 'a symbolic link or a directory that was moved is in the way', {
    path,
    outcome: 'not-applied',
  });
}

/** `CORRUPT`: neither a file nor a directory is at the path. The adapter cannot have made it. */
export function notAFile(path?: string): HoldfastError {
  return new HoldfastError('CORRUPT', 'a FIFO, socket or device is at the path', { path, outcome: 'not-applied' });
}

/** `VERSION_MISMATCH`: an entry is there and `'absent'` was expected. */
export function entryExists(): HoldfastError {
  return new HoldfastError('VERSION_MISMATCH', 'an entry is already there', { outcome: 'not-applied' });
}

/** `PATH_CONFLICT`: a file where a directory is needed, or the reverse. */
export function pathConflict(message: string): HoldfastError {
  return new HoldfastError('PATH_CONFLICT', message, { outcome: 'not-applied' });
}

/** `BUSY`: other writers got in between. */
export function busy(message: string): HoldfastError {
  return new HoldfastError('BUSY', message, { outcome: 'not-applied' });
}

/** `BODY_TOO_LARGE`: somebody else put a file there that is longer than this filesystem reads. */
export function fileTooLarge(path: string, maxBodyBytes: number): HoldfastError {
  return new HoldfastError('BODY_TOO_LARGE', `the file is longer than ${maxBodyBytes} bytes`, { path });
}

/** `UNSUPPORTED`: `'absent'` needs hard links. */
export function noHardLinks(cause: unknown): HoldfastError {
  return new HoldfastError('UNSUPPORTED', 'this file system has no hard links, which "absent" needs', {
    capability: 'cas',
    outcome: 'not-applied',
    cause,
  });
}

/** `UNAVAILABLE`: the root is no longer the directory that was opened. Never reported as "no entry". */
export function rootGone(): HoldfastError {
  return new HoldfastError('UNAVAILABLE', 'the root directory is gone, or is another one', { outcome: 'not-applied' });
}
