import { createRequire } from 'node:module';
import type { SqliteDatabaseConstructor } from '../database.ts';

/**
 * The file that a driver was loaded from, from which another thread gets the same SQLite library; `undefined` where that cannot
 * be told, as when a bundler has put it elsewhere.
 */
export function driverFile(Database: SqliteDatabaseConstructor): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    const file = require.resolve('better-sqlite3');
    return require(file) === Database ? file : undefined;
  } catch {
    return undefined;
  }
}
