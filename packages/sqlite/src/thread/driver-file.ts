// By its default: a bundler that knows `createRequire` would put numbers of its own in the place of files.
import nodeModules from 'node:module';
import type { SqliteDatabaseConstructor } from '../database.ts';

/**
 * The file that a driver was loaded from, from which another thread gets the same SQLite library; `undefined` where that cannot
 * be told, as when a bundler has put it elsewhere.
 */
export function driverFile(Database: SqliteDatabaseConstructor): string | undefined {
  try {
    const fromHere = nodeModules.createRequire(import.meta.url);
    const file = fromHere.resolve('better-sqlite3');
    return fromHere(file) === Database ? file : undefined;
  } catch {
    return undefined;
  }
}
