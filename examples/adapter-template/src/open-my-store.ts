import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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
 * @throws HoldfastError `INVALID_ARGUMENT`; `UNAVAILABLE` when the file cannot be opened; `CORRUPT` when it is no database
 */
export async function openMyStore(options: MyStoreOptions): Promise<MyStoreFilesystem> {
  const { file } = checkOptions(options, ['file']);
  if (typeof file !== 'string' || file === '') throw invalidArgument('file', 'the path of a file', file);
  const database = openDatabase(file);
  try {
    return await whileBusy(undefined, () => {
      // A commit is on the disk before it is acknowledged. With a journal that stays, no directory has to be: only files.
      database.exec(`PRAGMA journal_mode = PERSIST; PRAGMA synchronous = FULL; ${SCHEMA}`);
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
