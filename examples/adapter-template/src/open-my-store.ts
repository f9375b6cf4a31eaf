import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HoldfastError } from '@holdfast/core';
import { checkOptions, invalidArgument } from '@holdfast/core/adapter';
import { myStoreError } from './errors.ts';
import { MyStoreFilesystem } from './my-store-filesystem.ts';
import { SCHEMA } from './statements.ts';
import { whileBusy } from './while-busy.ts';

/** The options of {@link openMyStore}. */
export interface MyStoreOptions {
  /** The path of the file, which is made if it is not there. */
  readonly file: string;
}

/**
 * Opens the store in a file.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`; `UNAVAILABLE` when the file cannot be opened; `CORRUPT` when it is no database;
 * `UNSUPPORTED` when the SQLite of this Node is too old
 */
export async function openMyStore(options: MyStoreOptions): Promise<MyStoreFilesystem> {
  const { file } = checkOptions(options, ['file']);
  if (typeof file !== 'string' || file === '') throw invalidArgument('file', 'the path of a file', file);
  const database = openDatabase(file);
  try {
    return await whileBusy(undefined, () => {
      refuseOldSqlite(database);
      // The log is kept by the system when the process ends. With FULL it would be on the disk at every commit, and
      // 'power-loss' could be claimed.
      database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${SCHEMA}`);
      return new MyStoreFilesystem(database);
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

function openDatabase(file: string): DatabaseSync {
  try {
    // Resolved, since SQLite takes `:memory:` for a database that each connection has for itself.
    return new DatabaseSync(resolve(file));
  } catch (thrown) {
    throw myStoreError(thrown);
  }
}

/** Before 3.51.3 a log that several processes write could be damaged: https://sqlite.org/wal.html#walresetbug */
function refuseOldSqlite(database: DatabaseSync): void {
  const { version } = database.prepare('SELECT sqlite_version() AS version').get() as { readonly version: string };
  const [, minor = 0, patch = 0] = version.split('.').map(Number);
  if (minor > 51 || (minor === 51 && patch >= 3)) return;
  throw new HoldfastError(
    'UNSUPPORTED',
    'SQLite 3.51.3 or later is needed, which later releases of Node 22 and 24 have',
  );
}
