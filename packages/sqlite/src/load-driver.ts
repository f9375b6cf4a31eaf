import { HoldfastError } from '@holdfast/core';
import type { SqliteDatabaseConstructor } from './database.ts';

/**
 * The constructor of better-sqlite3, loaded only when it is needed: who brings a database of their own need not
 * have this one.
 *
 * @throws HoldfastError `UNAVAILABLE` when it is not installed or has no binary for this machine
 */
export async function loadDriver(): Promise<SqliteDatabaseConstructor> {
  try {
    return (await import('better-sqlite3')).default as SqliteDatabaseConstructor;
  } catch (cause) {
    throw new HoldfastError('UNAVAILABLE', 'better-sqlite3 cannot be loaded; is it installed?', {
      operation: 'open',
      cause,
    });
  }
}
