import { HoldfastError, isHoldfastError, type ErrorCode } from '@holdfast/core';
import { withReason } from '@holdfast/core/adapter';

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * What SQLite's result codes mean. A code brings the outcome that it has in the table of Holdfast's errors, so only what
 * certainly changed nothing may have one whose outcome is `'not-applied'`.
 */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  3: { code: 'ACCESS_DENIED', message: 'the file may not be used' },
  5: { code: 'BUSY', message: 'another process holds the file' },
  8: { code: 'ACCESS_DENIED', message: 'the file may not be written' },
  11: { code: 'CORRUPT', message: 'the file is damaged' },
  13: { code: 'STORAGE_FULL', message: 'the disk is full' },
  14: { code: 'UNAVAILABLE', message: 'the file cannot be opened' },
  26: { code: 'CORRUPT', message: 'the file is no database' },
};

/** An error whose outcome is unknown: a write that fails with it is read back. */
const FAILED: Meaning = { code: 'BACKEND_FAILED', message: 'the file cannot be read or written' };

/**
 * Makes whatever the driver threw an error of Holdfast's. What the driver says may name files of the host, and stays in
 * `cause`.
 */
export function myStoreError(thrown: unknown): HoldfastError {
  if (isHoldfastError(thrown)) return thrown;
  const { errcode } = thrown as { readonly errcode?: unknown };
  // The lowest byte is the code, what is above it a detail.
  const { code, message } = (typeof errcode === 'number' ? MEANINGS[errcode & 0xff] : undefined) ?? FAILED;
  return new HoldfastError(code, withReason(message, thrown), { cause: thrown });
}
