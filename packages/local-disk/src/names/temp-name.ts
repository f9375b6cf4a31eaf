import { randomBytes } from 'node:crypto';
import { HoldfastError } from '@holdfast/core';

// Any case, since on some file systems another case is the same name.
const TEMP_NAME = /^\.holdfast-[0-9a-f]{32}\.tmp$/i;

/**
 * A fresh name for a temporary file. Of fixed length, so that an entry whose own name is as long as names can
 * be is written too; with 128 random bits, so that no two writers of any process meet.
 */
export function mintTempName(): string {
  return `.holdfast-${randomBytes(16).toString('hex')}.tmp`;
}

/** Whether a name is one that {@link mintTempName} could have given. */
export function isTempName(name: string): boolean {
  return TEMP_NAME.test(name);
}

/**
 * Keeps callers away from temporary files.
 *
 * @throws HoldfastError `INVALID_PATH` when a segment is reserved for them
 */
export function refuseReserved(path: string): void {
  if (path.split('/').some(isTempName)) {
    throw new HoldfastError('INVALID_PATH', 'names like ".holdfast-<32 hex digits>.tmp" are reserved', {
      outcome: 'not-applied',
    });
  }
}
