import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** `path` sorts by its bytes in UTF-8, SQLite's `BINARY`: that is the code point order of a scan. */
export const SCHEMA = `CREATE TABLE IF NOT EXISTS entries (path TEXT COLLATE BINARY PRIMARY KEY, version TEXT NOT NULL,
  body BLOB NOT NULL, content_type TEXT NOT NULL, kind TEXT, indexed TEXT)`;

const INSERT = 'INSERT INTO entries (version, body, content_type, kind, indexed, path) VALUES (?, ?, ?, ?, ?, ?)';
const REPLACED = `version = excluded.version, body = excluded.body, content_type = excluded.content_type,
  kind = excluded.kind, indexed = excluded.indexed`;
const SET = 'SET version = ?, body = ?, content_type = ?, kind = ?, indexed = ?';
const RANGE = 'FROM entries WHERE path >= ? AND path < ? ORDER BY path LIMIT ?';

/** Every statement, prepared. Each of those that write checks its expectation and writes in one atomic step. */
export class Statements {
  readonly get: StatementSync;
  readonly put: Readonly<Record<'any' | 'absent' | 'version', StatementSync>>;
  readonly delete: Readonly<Record<'any' | 'version', StatementSync>>;
  readonly scan: StatementSync;
  readonly scanWithoutBodies: StatementSync;

  constructor(database: DatabaseSync) {
    this.get = database.prepare('SELECT * FROM entries WHERE path = ?');
    this.put = {
      any: database.prepare(`${INSERT} ON CONFLICT DO UPDATE SET ${REPLACED}`),
      absent: database.prepare(`${INSERT} ON CONFLICT DO NOTHING`),
      version: database.prepare(`UPDATE entries ${SET} WHERE path = ? AND version = ?`),
    };
    this.delete = {
      any: database.prepare('DELETE FROM entries WHERE path = ?'),
      version: database.prepare('DELETE FROM entries WHERE path = ? AND version = ?'),
    };
    this.scan = database.prepare(`SELECT * ${RANGE}`);
    this.scanWithoutBodies = database.prepare(
      `SELECT path, version, x'' AS body, content_type, kind, indexed ${RANGE}`,
    );
  }
}
