import type { Compiler } from './compiler.ts';
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
export function readStatements({ db, entries }: Compiler): ReadStatements {
  return {
    get: compileStatement('get', ({ path }) =>
      db.selectFrom(entries).select(['kind', 'content_type', 'indexed', 'version', 'body']).where('path', '=', path),
    ),
    version: compileStatement('version', ({ path }) =>
      db.selectFrom(entries).select('version').where('path', '=', path),
    ),
    scan: compileStatement('scan', ({ from, below, limit }) =>
      db
        .selectFrom(entries)
        .select(['path', 'kind', 'content_type', 'indexed', 'version', 'body'])
        .where('path', '>=', from)
        .where('path', '<', below)
        .orderBy('path')
        .limit(limit),
    ),
  };
}
