import { join } from 'node:path';
import { openSqlite, type SqliteDatabase, type SqliteStatement } from '@holdfast/sqlite';
import { makeScratchDirectory } from '@holdfast/test-support';
import Database from 'better-sqlite3';
import type { Calls, Failure, Failures } from '../machine/calls.ts';
import type { Store } from '../machine/stage.ts';
import { CANARY } from '../machine/trial.ts';

/** What better-sqlite3 throws, as far as anyone can tell. */
class SqliteError extends Error {
  override readonly name = 'SqliteError';
  readonly code: string;

  constructor(code: string) {
    super(`disk I/O error at /${CANARY}`);
    this.code = code;
  }
}

const failing = (code: string, also?: () => void): Failure => ({
  make: () => new SqliteError(code),
  ...(also && { also }),
});

const PRAGMAS: Failures = { before: [failing('SQLITE_NOMEM')], after: [failing('SQLITE_NOMEM')] };

/** A statement that looks only, or is about to change something. */
const LOOKS: Failures = {
  before: ['SQLITE_BUSY', 'SQLITE_IOERR_READ', 'SQLITE_CORRUPT', 'SQLITE_NOMEM', 'SQLITE_SCHEMA'].map((code) =>
    failing(code),
  ),
  after: [],
};

/** What SQLite may do to a whole transaction when one statement of it fails. */
function changesIn(database: SqliteDatabase): Failures {
  const rollBack = (): void => {
    if (database.inTransaction) database.prepare('rollback').run();
  };
  const codes = ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_NOMEM', 'SQLITE_CORRUPT'];
  return {
    before: [
      ...codes.map((code) => failing(code)),
      ...['SQLITE_FULL', 'SQLITE_IOERR_WRITE'].map((code) => failing(code, rollBack)),
      failing('SQLITE_CONSTRAINT_TRIGGER'),
      { make: () => new TypeError(`This database connection is busy with ${CANARY}`) },
    ],
    after: [],
  };
}

const COMMITS: Failures = {
  before: [
    failing('SQLITE_BUSY'),
    failing('SQLITE_FULL'),
    failing('SQLITE_IOERR_WRITE'),
    failing('SQLITE_IOERR_FSYNC'),
  ],
  after: [failing('SQLITE_IOERR_FSYNC'), failing('SQLITE_IOERR')],
};

const BEGINS: Failures = {
  before: [
    failing('SQLITE_BUSY'),
    failing('SQLITE_BUSY_SNAPSHOT'),
    failing('SQLITE_IOERR_LOCK'),
    failing('SQLITE_CANTOPEN'),
  ],
  after: [failing('SQLITE_IOERR')],
};

const ENDS: Failures = { before: [failing('SQLITE_IOERR')], after: [failing('SQLITE_IOERR')] };

function failuresOf(text: string, database: SqliteDatabase): Failures {
  const [word = ''] = text.trim().toLowerCase().split(/\s/);
  if (word === 'begin') return BEGINS;
  if (word === 'commit') return COMMITS;
  if (word === 'rollback' || word === 'release' || word === 'savepoint') return ENDS;
  if (word === 'select' || word === 'with' || word === 'pragma') return LOOKS;
  return changesIn(database);
}

/** How often in a row a rollback fails: SQLite refuses one for want of memory only, which passes. */
const MOST_FAILED_ROLLBACKS = 2;

/** A connection whose calls go through the faults. */
function faulty(inner: SqliteDatabase, calls: Calls): SqliteDatabase {
  let failedRollbacks = 0;
  const run = (text: string, failures: Failures, statement: () => { readonly changes: number | bigint }) => {
    const name = `run ${text.slice(0, 16)}`;
    if (text !== 'rollback') return calls.now(name, statement, failures);
    if (failedRollbacks === MOST_FAILED_ROLLBACKS) failures = { before: [], after: [] };
    try {
      const result = calls.now(name, statement, failures);
      failedRollbacks = 0;
      return result;
    } catch (error) {
      failedRollbacks += 1;
      throw error;
    }
  };
  return {
    get open() {
      return inner.open;
    },
    get inTransaction() {
      return inner.inTransaction;
    },
    readonly: inner.readonly,
    memory: inner.memory,
    prepare(text) {
      const statement = calls.now('prepare', () => inner.prepare(text), LOOKS);
      const failures = failuresOf(text, inner);
      const word = text.slice(0, 16);
      const through: SqliteStatement = {
        reader: statement.reader,
        all: (...values) => calls.now(`all ${word}`, () => statement.all(...values), failures),
        run: (...values) => run(text, failures, () => statement.run(...values)),
      };
      return through;
    },
    pragma: (source, options) => calls.now(`pragma ${source}`, () => inner.pragma(source, options), PRAGMAS),
    close: () => inner.close(),
  };
}

/** Two instances on one file, each on a connection that the application gave. */
export async function sqliteStore(calls: Calls): Promise<Store> {
  const { path, remove } = await makeScratchDirectory('call-sites');
  const file = join(path, `${CANARY}.db`);
  const raw: Database.Database[] = [];
  const connect = (): Database.Database => {
    const database = new Database(file, { timeout: 3 });
    raw.push(database);
    return database;
  };
  const reader = await openSqlite({ file });
  const given = (database: Database.Database) => openSqlite({ database: faulty(database, calls), busyTimeoutMs: 50 });
  const owned = connect();
  const watcher = connect();
  const instances = [await given(owned), await given(connect())] as const;
  const opened = new Set<Database.Database>();
  return {
    instances,
    reader,
    open: async () => {
      const database = connect();
      opened.add(database);
      try {
        return await given(database);
      } catch (error) {
        database.close();
        opened.delete(database);
        throw error;
      }
    },
    owner: {
      begin: () => void owned.prepare('begin immediate').run(),
      end: () => void owned.prepare('commit').run(),
    },
    async leaks() {
      const found = raw.filter((it) => it.open && it.inTransaction).map(() => 'a transaction is open');
      try {
        watcher.prepare('begin immediate').run();
        watcher.prepare('rollback').run();
      } catch {
        found.push('the write lock is held');
      }
      for (const database of opened) database.close();
      opened.clear();
      return found;
    },
    async close() {
      await Promise.all([...instances, reader].map((it) => it.close()));
      for (const database of raw) database.close();
      await remove();
    },
  };
}
