import type { Database } from 'better-sqlite3';

/** Sets what our adapter sets, so that an acknowledged write survives a power cut: write-ahead log, a sync for each commit. */
export function makeDurable(database: Database): void {
  database.pragma('journal_mode = wal');
  database.pragma('synchronous = full');
  database.pragma('fullfsync = 1');
}

/** What a connection says of its durability. */
export function durabilityOf(database: Database): string {
  const asked = ['journal_mode', 'synchronous'].map(
    (name) => `${name} ${String(database.pragma(name, { simple: true }))}`,
  );
  return asked.join(', ');
}
