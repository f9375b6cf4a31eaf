import type { SqliteDatabase } from './database.ts';

/**
 * Makes a connection as durable and as shareable as it can be: write-ahead log, a sync for each commit, on macOS one that
 * reaches the medium.
 *
 * @returns the mode of the journal that is in force, also when it could not be changed: `wal`, or another
 * @throws what the driver throws
 */
export function makeDurable(database: SqliteDatabase): unknown {
  const mode = database.pragma('journal_mode = wal', { simple: true });
  database.pragma('synchronous = full');
  // Without these, macOS syncs no further than the drive's cache. Other systems ignore them.
  database.pragma('fullfsync = 1');
  database.pragma('checkpoint_fullfsync = 1');
  // With the first read in this mode, the connection opens what it shares with others.
  database.pragma('schema_version');
  return mode;
}
