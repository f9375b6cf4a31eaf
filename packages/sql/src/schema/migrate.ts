import { HoldfastError } from '@holdfast/core';
import { invalidArgument } from '@holdfast/core/adapter';
import { Migrator } from 'kysely/migration';
import type { Kysely } from 'kysely';
import type { SqlProfile } from '../profile.ts';
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
 * Brings the schema up to date, or checks that it is. One round trip when there is nothing to do.
 *
 * @throws HoldfastError `SCHEMA_UNSUPPORTED` when the schema is newer than this release knows or, with
 * `verify`, incomplete; or what the driver throws
 */
export async function migrate({ db, profile, tables, mode }: MigrateOptions): Promise<void> {
  if (mode === 'off') return;
  const migrations = createMigrations(profile, tables);
  const known = Object.keys(migrations);
  if (await isComplete(db, profile, tables, known)) return;
  if (mode === 'verify') throw unsupported('the schema is missing or incomplete; open once with migrate: "auto"');
  const { schema } = tables;
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    migrationTableName: tables.migrations,
    migrationLockTableName: tables.migrationLock,
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  }).migrateToLatest();
  // Whoever came first may be a newer release, or may have done our work.
  if (error !== undefined && !(await isComplete(db, profile, tables, known))) throw error;
}

async function isComplete(
  db: Kysely<unknown>,
  profile: SqlProfile,
  tables: Tables,
  known: readonly string[],
): Promise<boolean> {
  const executed = await executedMigrations(db, profile, tables);
  if (executed.some((name) => !known.includes(name))) {
    throw unsupported('the schema is newer than this release knows; upgrade the package');
  }
  return executed.length === known.length;
}

async function executedMigrations(db: Kysely<unknown>, profile: SqlProfile, tables: Tables): Promise<string[]> {
  const record = db as Kysely<{ migration: { name: string } }>;
  const qualified = tables.schema === undefined ? record : record.withSchema(tables.schema);
  try {
    const rows = await qualified
      .selectFrom(tables.migrations as 'migration')
      .select('name')
      .execute();
    return rows.map((row) => row.name);
  } catch (error) {
    if (profile.isMissingTable(error)) return [];
    throw error;
  }
}

function unsupported(message: string): HoldfastError {
  return new HoldfastError('SCHEMA_UNSUPPORTED', message, { operation: 'open' });
}
