import type { Compiler } from './compiler.ts';
import { sql } from 'kysely';
import { compileStatement, type SqlStatement } from './statement.ts';

/** The statements that read entries. Every one is a range or a point of the primary key. */
export interface ReadStatements {
  /** The row of a path, without the path. */
  readonly get: SqlStatement<{ readonly path: string }>;
  /** Only the version of a path. */
  readonly version: SqlStatement<{ readonly path: string }>;
  /** The first rows of `from <= path < below`, in order. */
  readonly scan: SqlStatement<{ readonly from: string; readonly below: string; readonly limit: number }>;
}

/** Compiles the {@link ReadStatements}. */
export function readStatements({ db, entries, profile }: Compiler): ReadStatements {
  const text = (column: string, characters: 'ascii' | 'any') =>
    profile.readText(sql.ref(column), characters).as(column);
  const version = text('version', 'ascii');
  const columns = [
    text('kind', 'ascii'),
    text('content_type', 'ascii'),
    text('indexed', 'any'),
    version,
    'body',
  ] as const;
  return {
    get: compileStatement('get', ({ path }) => db.selectFrom(entries).select(columns).where('path', '=', path)),
    version: compileStatement('version', ({ path }) => db.selectFrom(entries).select(version).where('path', '=', path)),
    scan: compileStatement('scan', ({ from, below, limit }) =>
      db
        .selectFrom(entries)
        .select([text('path', 'any'), ...columns])
        .where('path', '>=', from)
        .where('path', '<', below)
        .orderBy(sql.ref(`${entries}.path`))
        .limit(limit),
    ),
  };
}
