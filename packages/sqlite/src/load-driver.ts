import { driverError } from '@holdfast/sql';
import { binaryError, DRIVER } from './binary-error.ts';
import type { SqliteDatabaseConstructor } from './database.ts';
import { checkNodeApi } from './node-api.ts';

/**
 * The constructor of better-sqlite3, loaded only when it is needed: who brings a database of their own need not
 * have this one.
 *
 * @throws HoldfastError `UNSUPPORTED` when it is not installed, or would crash this Node; `ACCESS_DENIED` when Node's
 * permission model does not let it be loaded
 */
export async function loadDriver(): Promise<SqliteDatabaseConstructor> {
  await checkNodeApi();
  try {
    return (await import('better-sqlite3')).default as SqliteDatabaseConstructor;
  } catch (cause) {
    throw binaryError(cause) ?? driverError(DRIVER, cause);
  }
}
