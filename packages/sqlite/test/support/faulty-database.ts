import type { SqliteDatabase, SqliteStatement } from '../../src/index.ts';

/** What better-sqlite3 throws, as far as anyone can tell. */
export class DriverError extends Error {
  override readonly name = 'SqliteError';
  readonly code: string;

  constructor(code: string, message = 'disk I/O error at /host/secret-name') {
    super(message);
    this.code = code;
  }
}

/** A connection whose statements can be watched, and made to fail when they run. */
export interface FaultyDatabase {
  readonly database: SqliteDatabase;
  /** The texts that were prepared so far. */
  readonly prepared: readonly string[];
  /** Is asked before a statement runs; it may throw, or answer what to do in place of running it. */
  intercept: (text: string, run: () => { readonly changes: number | bigint }) => { readonly changes: number | bigint };
}

export function makeFaulty(inner: SqliteDatabase): FaultyDatabase {
  const prepared: string[] = [];
  const faulty: FaultyDatabase = {
    database: {
      get open() {
        return inner.open;
      },
      get inTransaction() {
        return inner.inTransaction;
      },
      readonly: inner.readonly,
      memory: inner.memory,
      prepare(text) {
        prepared.push(text);
        const statement = inner.prepare(text);
        const watched: SqliteStatement = {
          reader: statement.reader,
          all: (...values) => statement.all(...values),
          run: (...values) => faulty.intercept(text, () => statement.run(...values)),
        };
        return watched;
      },
      pragma: (source, options) => inner.pragma(source, options),
      close: () => inner.close(),
    },
    prepared,
    intercept: (_text, run) => run(),
  };
  return faulty;
}
