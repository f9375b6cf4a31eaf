import { sql } from 'kysely';
import type { Compiler } from './compiler.ts';
import { compileStatement, type SqlStatement } from './statement.ts';
import { wordsOf } from './words.ts';

/** The statements that read entries. Every one is a range or a point of the primary key. */
export interface ReadStatements {
  /** The row of a path, without the path. */
  readonly get: SqlStatement<{ readonly path: string }>;
  /** Only the version of a path. */
  readonly version: SqlStatement<{ readonly path: string }>;
  /**
   * The first rows of `from <= path < below`, in order, at most `limit`, and none behind the one that makes their bodies
   * `maxBytes` long. The lengths come first, from the same index; of no body behind that one more than its length is read.
   */
  readonly scan: SqlStatement<ScanParameters>;
}

interface ScanParameters {
  readonly from: string;
  readonly below: string;
  readonly limit: number;
  readonly maxBytes: number;
  readonly [name: string]: string | number;
}

/** Compiles the {@link ReadStatements}. */
export function readStatements({ db, entries, profile }: Compiler): ReadStatements {
  const { binary, call } = wordsOf(profile);
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
    scan: compileStatement<ScanParameters>('scan', ({ from, below, limit, maxBytes }) => {
      const lengths = db
        .selectFrom(entries)
        .select(['path', call<number>('length', sql.ref('body')).as('length')])
        .where('path', '>=', from)
        .where('path', '<', below)
        .orderBy('path')
        .limit(limit);
      const bytesBefore = sql`${call('sum', sql.ref('length'))} over (
        order by path rows between unbounded preceding and 1 preceding
      )`;
      // The first of them that is too much. The only bound from above: SQLite would look for one of two in every row.
      const end = sql<string>`coalesce((
        select path from (select path, ${bytesBefore} as bytes from ${lengths} as lengths) as sums
        where ${binary(sql.ref('bytes'), '>=', maxBytes)} order by path limit 1
      ), ${below})`;
      return db
        .selectFrom(entries)
        .select([text('path', 'any'), ...columns])
        .where('path', '>=', from)
        .where('path', '<', end)
        .orderBy(sql.ref(`${entries}.path`))
        .limit(limit);
    }),
  };
}
