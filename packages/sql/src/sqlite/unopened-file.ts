import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { HoldfastError, isHoldfastError, type ErrorCode } from '@holdfast/core';
import { isError, withReason } from '@holdfast/core/adapter';

/** The calls that it makes, which tests put others in the place of. In words of its own: users need no types of Node's. */
export interface FileCalls {
  statSync(path: string, options?: { readonly throwIfNoEntry: boolean }): { isDirectory(): boolean } | undefined;
  accessSync(path: string, mode: number): void;
}

/** What is wrong with a file that SQLite could not open, by what the system says about it. */
const REASONS: Readonly<Record<string, readonly [code: ErrorCode, message: string]>> = {
  ENOENT: ['INVALID_ARGUMENT', 'the directory of the database file does not exist'],
  ENOTDIR: ['INVALID_ARGUMENT', 'the directory of the database file is none'],
  EISDIR: ['INVALID_ARGUMENT', 'a directory is where the database file should be'],
  ENAMETOOLONG: ['INVALID_ARGUMENT', 'the name of the database file is too long'],
  ELOOP: ['INVALID_ARGUMENT', 'links in the path of the database file lead in a circle'],
  EACCES: ['ACCESS_DENIED', 'the database file, or its directory, may not be written'],
  EPERM: ['ACCESS_DENIED', 'the database file, or its directory, may not be written'],
  EROFS: ['ACCESS_DENIED', 'the file system of the database is mounted read-only'],
  ERR_ACCESS_DENIED: ['ACCESS_DENIED', "Node's permission model denies the database file, or its directory"],
};

/**
 * Why a file could not be opened. SQLite has one code for most reasons, and a retry would mend the fewest of them. What
 * the system tells about the file and its directory decides; where it finds nothing wrong, the error stays as it is.
 *
 * Opens nothing: closing the file again would take away the locks that others of this process have on it.
 *
 * @param create whether the file may be created; if not, one that does not exist is why
 */
export function unopenedFile(
  error: HoldfastError,
  file: string,
  { create }: { readonly create: boolean },
  files: FileCalls = { statSync, accessSync },
): HoldfastError {
  if (!isHoldfastError(error, 'UNAVAILABLE')) return error;
  const details = { outcome: 'not-applied', cause: error } as const;
  try {
    checkDirectory(dirname(file), files);
    const found = files.statSync(file, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) throw systemError('EISDIR');
    if (found !== undefined) files.accessSync(file, constants.R_OK | constants.W_OK);
    else if (!create)
      return new HoldfastError('INVALID_ARGUMENT', 'the database file does not exist (ENOENT)', details);
    return error;
  } catch (thrown) {
    const { code: name } = (isError(thrown) ? thrown : {}) as { readonly code?: unknown };
    const reason = typeof name === 'string' && Object.hasOwn(REASONS, name) ? REASONS[name] : undefined;
    return reason === undefined ? error : new HoldfastError(reason[0], withReason(reason[1], thrown), details);
  }
}

/** A write-ahead log is made in it, also where the file is there already. */
function checkDirectory(directory: string, files: FileCalls): void {
  if (files.statSync(directory)?.isDirectory() !== true) throw systemError('ENOTDIR');
  files.accessSync(directory, constants.W_OK | constants.X_OK);
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
