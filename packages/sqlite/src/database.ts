/**
 * The part of better-sqlite3's `Database` that the adapter uses. Any driver with this shape will do, so that a
 * fork (one that encrypts, say) is accepted as well.
 */
export interface SqliteDatabase {
  readonly open: boolean;
  readonly inTransaction: boolean;
  readonly readonly: boolean;
  /** Whether there is no file behind it, or only an anonymous one. */
  readonly memory: boolean;
  prepare(source: string): SqliteStatement;
  pragma(source: string, options?: { readonly simple?: boolean }): unknown;
  close(): unknown;
}

/** The part of better-sqlite3's `Statement` that the adapter uses. */
export interface SqliteStatement {
  /** Whether it gives rows. */
  readonly reader: boolean;
  all(...values: readonly unknown[]): unknown[];
  run(...values: readonly unknown[]): { readonly changes: number | bigint };
}

/** The part of better-sqlite3's constructor that the adapter uses. */
export type SqliteDatabaseConstructor = new (
  file: string,
  options?: { readonly timeout?: number; readonly fileMustExist?: boolean },
) => SqliteDatabase;

/** Whether a value has the shape of a {@link SqliteDatabase}. */
export function isSqliteDatabase(value: unknown): value is SqliteDatabase {
  if (typeof value !== 'object' || value === null) return false;
  const database = value as Partial<Record<keyof SqliteDatabase, unknown>>;
  return (
    (['prepare', 'pragma', 'close'] as const).every((name) => typeof database[name] === 'function') &&
    (['open', 'inTransaction', 'readonly', 'memory'] as const).every((name) => typeof database[name] === 'boolean')
  );
}
