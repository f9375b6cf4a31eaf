import { DatabaseSync } from 'node:sqlite';
import { HoldfastError, type RootFilesystem } from '@holdfast/core';
import { defineCapabilities } from '@holdfast/core/adapter';
import {
  commitLimits,
  migrate,
  migrationKysely,
  nameTables,
  SqlFilesystem,
  sqliteProfile,
  sqliteVerdict,
  versionIn,
  type GroupMember,
  type GroupResult,
  type SqlDriver,
  type SqlQuery,
  type SqlRow,
  type WriteGroup,
} from '../../src/index.ts';

const capabilities = defineCapabilities({
  cas: 'versioned',
  records: true,
  indexed: true,
  contentTypes: true,
  conditionalDelete: true,
  paths: 'prefix',
  durability: 'none',
  sharing: 'instance',
  maxBodyBytes: 1024 * 1024,
  ...commitLimits(1024 * 1024),
  planes: ['atomic-commit'],
});

/** A whole adapter, as small as can be: the SQLite that comes with Node, in memory. */
export async function openNodeSqlite(): Promise<RootFilesystem<typeof capabilities>> {
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
  const rowsOf = ({ statement, values }: SqlQuery): SqlRow[] => all(statement.text, values);
  const holds = ({ expects }: GroupMember): boolean =>
    expects === undefined || versionIn(rowsOf(expects.query)) === expects.version;
  const change = ({ statement, values }: SqlQuery): number =>
    Number(typed(() => database.prepare(statement.text).run(...(values as string[]))).changes);
  // Nobody else has the database and nothing is awaited: what holds before the first write does so at the last.
  const writeGroup = (group: WriteGroup): GroupResult => {
    const unmet = group.flatMap((member, place) => (holds(member) ? [] : [place]));
    if (unmet.length > 0) return { unmet };
    database.exec('begin');
    try {
      const changed = group.map((member) => (member.change === 'check' ? 0 : change(member.query)));
      database.exec('commit');
      return { changed };
    } catch (error) {
      database.exec('rollback');
      throw error;
    }
  };
  const driver: SqlDriver = {
    read: async (query) => rowsOf(query),
    write: async (groups) => groups.map(writeGroup),
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
