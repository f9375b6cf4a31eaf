/**
 * What a transaction on SQLite is run with. It loads neither core nor Kysely, so that a thread which does nothing else
 * starts in a fifth of the time.
 */
export { versionIn, type SqlRow } from './driver.ts';
export { onlyWriteOf, resultOfOne } from './group.ts';
export { sqliteVerdict } from './sqlite/result-codes.ts';
export { readHeldLocks, type HeldLockState } from './sqlite/watch/held-lock-state.ts';
