import { constants } from 'node:os';
import { isError } from '@holdfast/core/adapter';

/** What Node throws where its permission model leaves a call out. It is no system call: none was made. */
export const PERMISSION_MODEL = 'ERR_ACCESS_DENIED';

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno).map(([name, value]): [number, string] => [value, name]),
);

/**
 * The error code of a failed system call, such as `ENOENT`, or {@link PERMISSION_MODEL}; `undefined` for every other
 * error. Node says only "Unknown system error -122" of those that libuv has no name for, such as EDQUOT and ESTALE; they
 * are told by their number.
 */
export function errnoOf(thrown: unknown): string | undefined {
  if (!isError(thrown) || !('code' in thrown) || typeof thrown.code !== 'string') return undefined;
  if (thrown.code === PERMISSION_MODEL) return thrown.code;
  if (!('syscall' in thrown)) return undefined;
  if (/^\w+$/.test(thrown.code)) return thrown.code;
  const errno = 'errno' in thrown && typeof thrown.errno === 'number' ? thrown.errno : 0;
  return NAMES.get(-errno) ?? 'UNKNOWN';
}

/** Runs a call and gives `undefined` in place of the errors of the given codes. */
export async function unless<T>(codes: ReadonlySet<string>, call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (codes.has(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}
