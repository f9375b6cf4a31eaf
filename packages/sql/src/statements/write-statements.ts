import type { Compiler } from './compiler.ts';
import { compileStatement, type SqlStatement } from './statement.ts';

/** The columns that a put writes, as they are bound. */
export interface RowParameters {
  readonly path: string;
  readonly kind: string | null;
  readonly content_type: string;
  readonly indexed: string | null;
  readonly version: string;
  readonly body: Uint8Array;
  readonly [column: string]: string | Uint8Array | null;
}

/** The five conditional writes. Each is one statement that changes one row if its expectation holds, else none. */
export interface WriteStatements {
  readonly putAbsent: SqlStatement<RowParameters>;
  readonly putAny: SqlStatement<RowParameters>;
  readonly putVersion: SqlStatement<RowParameters & { readonly expected: string }>;
  readonly deleteAny: SqlStatement<{ readonly path: string }>;
  readonly deleteVersion: SqlStatement<{ readonly path: string; readonly expected: string }>;
}

/** Compiles the {@link WriteStatements}. */
export function writeStatements({ db, entries }: Compiler): WriteStatements {
  const insert = (row: RowParameters) => db.insertInto(entries).values(pick(row));
  return {
    putAbsent: compileStatement('putAbsent', (row) =>
      insert(row).onConflict((conflict) => conflict.column('path').doNothing()),
    ),
    putAny: compileStatement('putAny', (row) =>
      insert(row).onConflict((conflict) =>
        conflict.column('path').doUpdateSet(({ ref }) => ({
          kind: ref('excluded.kind'),
          content_type: ref('excluded.content_type'),
          indexed: ref('excluded.indexed'),
          version: ref('excluded.version'),
          body: ref('excluded.body'),
        })),
      ),
    ),
    putVersion: compileStatement('putVersion', (row) => {
      const { path, ...columns } = pick(row);
      return db.updateTable(entries).set(columns).where('path', '=', path).where('version', '=', row.expected);
    }),
    deleteAny: compileStatement('deleteAny', ({ path }) => db.deleteFrom(entries).where('path', '=', path)),
    deleteVersion: compileStatement('deleteVersion', ({ path, expected }) =>
      db.deleteFrom(entries).where('path', '=', path).where('version', '=', expected),
    ),
  };
}

/** The columns one by one: what a statement is compiled with has no keys to spread. */
function pick({ path, kind, content_type, indexed, version, body }: RowParameters) {
  return { path, kind, content_type, indexed, version, body };
}
