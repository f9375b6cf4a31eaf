import { join } from 'node:path';
import { openSqlite } from '@holdfast/sqlite';
import { makeScratchDirectory } from '@holdfast/test-support';
import Database from 'better-sqlite3';
import type { OurStore } from './our-store.ts';

/** A store in a SQLite file, with the file for whoever needs another connection to it. */
export interface OurSqliteStore extends OurStore {
  readonly file: string;
}

/** A store in a SQLite file of its own, opened as most would. */
export async function ourSqlite(): Promise<OurSqliteStore> {
  const scratch = await makeScratchDirectory('bench');
  const file = join(scratch.path, 'store.db');
  const filesystem = await openSqlite({ file });
  return {
    name: '@holdfast/sqlite',
    file,
    filesystem,
    async [Symbol.asyncDispose]() {
      await filesystem.close();
      await scratch.remove();
    },
  };
}

/** The same with `synchronous = normal`, where a commit is not synced by itself: a supplied database can be so. */
export async function ourUnsyncedSqlite(): Promise<OurStore> {
  const scratch = await makeScratchDirectory('bench');
  const database = new Database(join(scratch.path, 'store.db'));
  database.pragma('journal_mode = wal');
  database.pragma('synchronous = normal');
  const filesystem = await openSqlite({ database });
  return {
    name: '@holdfast/sqlite with synchronous = normal',
    filesystem,
    async [Symbol.asyncDispose]() {
      await filesystem.close();
      database.close();
      await scratch.remove();
    },
  };
}
