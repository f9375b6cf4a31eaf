import { HoldfastError } from '@holdfast/core';
import { binaryError } from './binary-error.ts';
import type { SqliteDatabaseConstructor } from './database.ts';
import { checkNodeApi } from './node-api.ts';

/**
 * The constructor of better-sqlite3, loaded only when it is needed: who brings a database of their own need not
 * have this one.
 *
 * @throws HoldfastError `UNAVAILABLE` when it is not installed; `UNSUPPORTED` when it would crash this Node
 */
export async function loadDriver(): Promise<SqliteDatabaseConstructor> {
  await checkNodeApi();
  try {
    return (await import('better-sqlite3')).default as SqliteDatabaseConstructor;
  } catch (cause) {
    const missing = 'better-sqlite3 cannot be loaded; is it installed?';
    throw binaryError(cause) ?? new HoldfastError('UNAVAILABLE', missing, { operation: 'open', cause });
  }
}
