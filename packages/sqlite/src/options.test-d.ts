import type { RootFilesystem, VersionedCapabilities } from '@holdfast/core';
import type Database from 'better-sqlite3';
import { expectTypeOf, test } from 'vitest';
import type { openSqlite, SqliteDatabase, SqliteOptions } from './index.ts';

test('a Database as others type it is accepted', () => {
  expectTypeOf<Database.Database>().toExtend<SqliteDatabase>();
  expectTypeOf<{ database: Database.Database }>().toExtend<SqliteOptions>();
});

test('a file and a database together are no options', () => {
  expectTypeOf<{ file: string; database: SqliteDatabase }>().not.toExtend<SqliteOptions>();
  expectTypeOf<{ tablePrefix: string }>().not.toExtend<SqliteOptions>();
});

test('a thread that writes is for a file', () => {
  expectTypeOf<{ file: string; writes: 'thread' }>().toExtend<SqliteOptions>();
  expectTypeOf<{ database: SqliteDatabase; writes: 'event-loop' }>().toExtend<SqliteOptions>();
  expectTypeOf<{ database: SqliteDatabase; writes: 'thread' }>().not.toExtend<SqliteOptions>();
});

test('what is opened is known to take records', () => {
  expectTypeOf<Awaited<ReturnType<typeof openSqlite>>>().toExtend<RootFilesystem<VersionedCapabilities>>();
});
