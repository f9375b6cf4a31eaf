import { HoldfastError } from '@holdfast/core';
import { invalidArgument } from '@holdfast/core/adapter';
import { Migrator } from 'kysely/migration';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { SqlProfile } from '../profile.ts';
import { decodeText } from '../rows/text.ts';
import { createMigrations } from './migrations.ts';
import type { Tables } from './tables.ts';

/**
 * What opening does about the schema. `auto`: whatever is missing is created, also by several processes at
 * once. `verify`: it must be complete. `off`: it is not looked at.
 */
export type MigrateMode = 'auto' | 'verify' | 'off';

/**
 * Checks the option `migrate`; `auto` when it is absent.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseMigrateMode(value: unknown): MigrateMode {
  if (value === undefined) return 'auto';
  if (value === 'auto' || value === 'verify' || value === 'off') return value;
  throw invalidArgument('migrate', "'auto', 'verify' or 'off'", value);
}

/** What {@link migrate} works on. */
export interface MigrateOptions {
  /**
   * A connection that can run statements and transactions. Its transactions and its adapter's migration lock
   * are what makes several processes safe: of all that start at once, one migrates and the others wait.
   */
  readonly db: Kysely<unknown>;
  readonly profile: SqlProfile;
  readonly tables: Tables;
  readonly mode: MigrateMode;
}

/**
 * Brings the schema up to date, or checks that it is: that every migration is recorded and that the table and
 * its index are there. Two round trips when there is nothing to do.
 *
 * @throws HoldfastError `SCHEMA_UNSUPPORTED` when the schema is newer than this release knows, when what is
 * recorded is not there, when a table of its name was made by somebody else or, with `verify`, when anything is
 * missing; or what the driver throws
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const { db, profile, tables } = options;
  if (await checkSchema(options)) return;
  const { schema } = tables;
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(createMigrations(profile, tables)) },
    migrationTableName: tables.migrations,
    migrationLockTableName: tables.migrationLock,
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  }).migrateToLatest();
  // Whoever came first may be a newer release, or may have done our work.
  if (error !== undefined && !(await checkSchema(options))) throw error;
}

/**
 * The part of {@link migrate} that only reads, to know of a refusal before anything is changed. Answers whether
 * nothing is left to do.
 *
 * @throws HoldfastError as {@link migrate}
 */
export async function checkSchema({ db, profile, tables, mode }: MigrateOptions): Promise<boolean> {
  if (mode === 'off') return true;
  const fold = folding(profile);
  const isComplete = (names: ReadonlySet<string>): boolean =>
    [tables.entries, tables.childIndex].every((name) => names.has(fold(name)));
  const known = Object.keys(createMigrations(profile, tables));
  const before = await objectNames(db, profile, tables);
  const executed = await executedMigrations(db, profile, tables);
  if (executed.some((name) => !known.includes(name))) {
    throw unsupported('the schema is newer than this release knows; upgrade the package');
  }
  if (executed.length === known.length) {
    // A migration makes its tables and its record at once, so what it made is there by now.
    if (isComplete(before) || isComplete(await objectNames(db, profile, tables))) return true;
    throw unsupported('the schema is recorded as complete, but the table of entries or its index is missing');
  }
  if (mode === 'verify') throw unsupported('the schema is missing or incomplete; open once with migrate: "auto"');
  if (executed.length === 0 && before.has(fold(tables.entries))) {
    throw unsupported('there is a table with the name of ours that no migration made');
  }
  return false;
}

async function objectNames(db: Kysely<unknown>, profile: SqlProfile, tables: Tables): Promise<ReadonlySet<string>> {
  const { rows } = await profile.objectNames(tables.schema).execute(db);
  return new Set(rows.map(({ name }) => folding(profile)(String(decodeText(name)))));
}

function folding({ foldsNames }: SqlProfile): (name: string) => string {
  return (name) => (foldsNames ? name.toLowerCase() : name);
}

async function executedMigrations(db: Kysely<unknown>, profile: SqlProfile, tables: Tables): Promise<string[]> {
  const record = db as Kysely<{ migration: { name: string; timestamp: string } }>;
  const qualified = tables.schema === undefined ? record : record.withSchema(tables.schema);
  try {
    // Kysely's migrator reads both as they are, if there is anything left to migrate.
    const text = (column: string) => profile.readText(sql.ref(column), 'any').as(column);
    const rows = await qualified
      .selectFrom(tables.migrations as 'migration')
      .select([text('name'), text('timestamp')])
      .execute();
    return rows.map(({ name, timestamp }) => {
      const decoded = decodeText(name);
      if (typeof decoded === 'string' && typeof decodeText(timestamp) === 'string') return decoded;
      throw new HoldfastError('CORRUPT', 'the record of the migrations is damaged', { operation: 'open' });
    });
  } catch (error) {
    if (profile.isMissingTable(error)) return [];
    throw error;
  }
}

function unsupported(message: string): HoldfastError {
  return new HoldfastError('SCHEMA_UNSUPPORTED', message, { operation: 'open' });
}
