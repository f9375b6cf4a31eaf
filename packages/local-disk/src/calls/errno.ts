import { isError } from '@holdfast/core/adapter';

/** The error code of a failed system call, such as `ENOENT`; `undefined` for every other error. */
export function errnoOf(thrown: unknown): string | undefined {
  if (!isError(thrown) || !('syscall' in thrown) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
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
