import type { ErrorCode } from '@holdfast/core';
import { PERMISSION_MODEL } from './calls/errno.ts';

/** What an error of the operating system means here when no operation had a better answer to it. */
export interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  /**
   * Whether it is an answer: the call that would have published or deleted was looked at and refused, and changed
   * nothing. What is none may come after the change, as when a disk fails or a network is cut.
   */
  readonly refusal: boolean;
}

const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ...refusals('ACCESS_DENIED', 'the file system refuses access', ['EACCES', 'EPERM']),
  ...refusals('ACCESS_DENIED', 'the file system is read-only', ['EROFS']),
  ...refusals('ACCESS_DENIED', "Node's permission model denies it", [PERMISSION_MODEL]),
  ...refusals('ACCESS_DENIED', 'a symbolic link is in the way', ['ELOOP']),
  // A file that somebody mounted something on cannot be replaced or removed, now or later.
  ...refusals('ACCESS_DENIED', 'a mount point is in the way', ['EBUSY']),
  ...refusals('ACCESS_DENIED', 'a program that runs is in the way', ['ETXTBSY']),
  ...refusals('STORAGE_FULL', 'the disk or the quota is full', ['ENOSPC', 'EDQUOT']),
  ...refusals('STORAGE_FULL', 'the directory has as many directories as it can', ['EMLINK']),
  ...refusals('BODY_TOO_LARGE', 'the file system holds no file this long', ['EFBIG', 'EOVERFLOW']),
  ...refusals('INVALID_PATH', 'the file system holds no name this long', ['ENAMETOOLONG']),
  ...refusals('INVALID_PATH', 'the file system holds no such name', ['EILSEQ', 'ECHARSET']),
  ...refusals('PATH_CONFLICT', 'something else is in the way', ['EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EISDIR']),
  // The operations answer a plain absence themselves; this is something that went away under them.
  ...refusals('BUSY', 'what the call stood on was removed meanwhile', ['ENOENT']),
  ...refusals('BUSY', 'too many files are open', ['EMFILE', 'ENFILE']),
  ...failures('BUSY', 'the system has no memory or locks left', ['ENOMEM', 'ENOBUFS', 'ENOLCK', 'ENOSR']),
  ...failures('BUSY', 'the call was interrupted', ['EAGAIN', 'EWOULDBLOCK', 'EINTR', 'EDEADLK', 'ECANCELED']),
  ...refusals('BACKEND_FAILED', 'the file system cannot rename within one directory', ['EXDEV']),
  ...refusals('BACKEND_FAILED', 'the file system does not support the call', [
    'EINVAL',
    'ENOSYS',
    'ENOTSUP',
    'EOPNOTSUPP',
    'ENOTTY',
    'ESPIPE',
  ]),
  // Of file systems behind a network or in another process.
  ...failures('UNAVAILABLE', 'the file system cannot be reached', [
    'ECONNABORTED',
    'ECONNREFUSED',
    'ECONNRESET',
    'EHOSTDOWN',
    'EHOSTUNREACH',
    'ENETDOWN',
    'ENETRESET',
    'ENETUNREACH',
    'ENODEV',
    'ENOLINK',
    'ENONET',
    'ENOTCONN',
    'ENXIO',
    'EPIPE',
    'EREMOTEIO',
    'ESHUTDOWN',
    'ESTALE',
    'ETIME',
    'ETIMEDOUT',
    'EUNATCH',
  ]),
  // Of the disk; and those that no file system should answer to any of the calls made here.
  ...failures('BACKEND_FAILED', 'the file system failed', [
    'E2BIG',
    'EADDRINUSE',
    'EADDRNOTAVAIL',
    'EAFNOSUPPORT',
    'EALREADY',
    'EBADF',
    'EBADMSG',
    'ECHILD',
    'EDESTADDRREQ',
    'EDOM',
    'EFAULT',
    'EFTYPE',
    'EIDRM',
    'EINPROGRESS',
    'EIO',
    'EISCONN',
    'EMSGSIZE',
    'EMULTIHOP',
    'ENODATA',
    'ENOEXEC',
    'ENOMSG',
    'ENOPROTOOPT',
    'ENOSTR',
    'ENOTSOCK',
    'EOF',
    'EPROTO',
    'EPROTONOSUPPORT',
    'EPROTOTYPE',
    'ERANGE',
    'ESOCKTNOSUPPORT',
    'ESRCH',
    'UNKNOWN',
  ]),
]);

/** An error that neither Node nor the system's list knows. */
const UNLISTED: Meaning = { code: 'BACKEND_FAILED', message: 'the file system failed', refusal: false };

/** What the error code of a failed system call means. */
export function meaningOf(errno: string): Meaning {
  return MEANINGS.get(errno) ?? UNLISTED;
}

/** Whether somebody has decided what an error code means. */
export function isDecided(errno: string): boolean {
  return MEANINGS.has(errno);
}

function refusals(code: ErrorCode, message: string, errnos: readonly string[]): [string, Meaning][] {
  return errnos.map((errno) => [errno, { code, message, refusal: true }]);
}

function failures(code: ErrorCode, message: string, errnos: readonly string[]): [string, Meaning][] {
  return errnos.map((errno) => [errno, { code, message, refusal: false }]);
}
