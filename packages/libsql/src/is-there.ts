import { statSync } from 'node:fs';
import { HoldfastError } from '@holdfast/core';
import { isError } from '@holdfast/core/adapter';

/** Answers that there is nothing at a path, nor can be. */
const NOTHING: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

/**
 * Whether anything is at a path of the host. What cannot be looked at is not taken for absent, as `existsSync` does: the
 * driver, which opens files itself, may find it there.
 *
 * @param look throws when nothing is there, as `statSync`
 * @throws HoldfastError `ACCESS_DENIED`, also by Node's permission model; `UNAVAILABLE`
 */
export function isThere(path: string, look: (path: string) => unknown = statSync): boolean {
  try {
    look(path);
    return true;
  } catch (cause) {
    const code = isError(cause) && 'code' in cause ? cause.code : undefined;
    if (NOTHING.has(code)) return false;
    const denied = code === 'EACCES' || code === 'EPERM' || code === 'ERR_ACCESS_DENIED';
    const details = { outcome: 'not-applied', cause } as const;
    throw denied
      ? new HoldfastError('ACCESS_DENIED', 'the directory of the database file may not be looked at', details)
      : new HoldfastError('UNAVAILABLE', 'the directory of the database file cannot be looked at', details);
  }
}
