import { HoldfastError } from '@holdfast/core';
import type { SqlProfile } from '../profile.ts';
import { checkIdentifier } from './identifiers.ts';

/** What every name in the database starts with when the user names no prefix. */
export const DEFAULT_TABLE_PREFIX = 'holdfast_';

/** The names of everything an adapter creates in a database. */
export interface Tables {
  /** The schema that qualifies every name; `undefined` where the database has none, or its default is meant. */
  readonly schema: string | undefined;
  readonly entries: string;
  /** The index that `list` walks. */
  readonly childIndex: string;
  /** Kysely's record of the migrations that ran, and its lock. */
  readonly migrations: string;
  readonly migrationLock: string;
}

/**
 * Checks the table prefix and the schema, and derives every name from them.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function nameTables(
  options: { readonly tablePrefix?: unknown; readonly schema?: unknown },
  profile: Pick<SqlProfile, 'longestName' | 'reservedPrefix' | 'reservedSchema'>,
): Tables {
  const prefix = checkIdentifier(
    'tablePrefix',
    options.tablePrefix === undefined ? DEFAULT_TABLE_PREFIX : options.tablePrefix,
  );
  const tables: Tables = {
    schema: options.schema === undefined ? undefined : checkIdentifier('schema', options.schema),
    entries: `${prefix}entries`,
    childIndex: `${prefix}entries_child`,
    migrations: `${prefix}migration`,
    migrationLock: `${prefix}migration_lock`,
  };
  // PostgreSQL cuts a longer name short without a word, and two names cut short may be one.
  const spare = profile.longestName - Math.max(...names(tables).map((name) => name.length));
  if (spare < 0) {
    const most = prefix.length + spare;
    throw new HoldfastError('INVALID_ARGUMENT', `tablePrefix must be at most ${most} characters on this database`);
  }
  if (profile.reservedPrefix?.test(prefix) === true) {
    throw new HoldfastError('INVALID_ARGUMENT', 'tablePrefix must not start with a prefix the database reserves');
  }
  if (tables.schema !== undefined && profile.reservedSchema?.test(tables.schema) === true) {
    throw new HoldfastError('INVALID_ARGUMENT', 'schema must not be one that the database reserves');
  }
  return Object.freeze(tables);
}

function names({ schema: _schema, ...tables }: Tables): string[] {
  return Object.values(tables);
}
