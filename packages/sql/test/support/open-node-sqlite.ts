import { DatabaseSync } from 'node:sqlite';
import { HoldfastError, type RootFilesystem, type VersionedCapabilities } from '@holdfast/core';
import { defineCapabilities } from '@holdfast/core/adapter';
import { migrate, migrationKysely, nameTables, SqlFilesystem, sqliteProfile, sqliteVerdict } from '../../src/index.ts';
import type { SqlDriver, SqlRow, WriteResult } from '../../src/index.ts';

const capabilities: VersionedCapabilities = defineCapabilities({
  cas: 'versioned',
  records: true,
  indexed: true,
  contentTypes: true,
  conditionalDelete: true,
  paths: 'prefix',
  durability: 'none',
  sharing: 'instance',
  maxBodyBytes: 1024 * 1024,
  planes: [],
});

/** A whole adapter, as small as can be: the SQLite that comes with Node, in memory. */
export async function openNodeSqlite(): Promise<RootFilesystem<VersionedCapabilities>> {
  const database = new DatabaseSync(':memory:');
  const tables = nameTables({}, sqliteProfile);
  const all = (text: string, values: readonly unknown[]): SqlRow[] =>
    typed(() => database.prepare(text).all(...(values as string[])));
  const db = migrationKysely(sqliteProfile, {
    execute: async (text, values) => all(text, values),
    begin: async () => database.exec('begin immediate'),
    commit: async () => database.exec('commit'),
    rollBack: async () => database.exec('rollback'),
  });
  await migrate({ db, profile: sqliteProfile, tables, mode: 'auto' });
  const driver: SqlDriver = {
    read: async ({ statement, values }) => all(statement.text, values),
    write: async (writes) =>
      writes.map(({ query: { statement, values } }): WriteResult => {
        const { changes } = typed(() => database.prepare(statement.text).run(...(values as string[])));
        return { changed: Number(changes) };
      }),
    close: async () => database.close(),
  };
  return new SqlFilesystem({ capabilities, profile: sqliteProfile, tables, driver });
}

function typed<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const { message } = cause as Error;
    throw new HoldfastError(sqliteVerdict('SQLITE_ERROR', message).code, 'the database failed', {
      outcome: 'not-applied',
      cause,
    });
  }
}
