import { join } from 'node:path';
import { makeScratchDirectory } from '@holdfast/test-support';
import Database from 'better-sqlite3';
import type { Batches } from '../groups/many.ts';
import { durabilityOf, makeDurable } from './sqlite-settings.ts';

/** The same with its file, for a process that is in the way. */
export interface SqliteBatches extends Batches {
  readonly file: string;
}

/** better-sqlite3 by hand: each put is a transaction, one after the other; all gets are one statement. */
export async function sqliteBatches(): Promise<SqliteBatches> {
  const scratch = await makeScratchDirectory('bench');
  const file = join(scratch.path, 'peer.db');
  const database = new Database(file);
  makeDurable(database);
  database.exec('create table entries (path text primary key, version integer not null, body blob not null)');
  const upsert = database.prepare(
    'insert into entries values (?, 1, ?) on conflict do update set version = version + 1, body = excluded.body',
  );
  const select = database.prepare<[string], { readonly body: Uint8Array }>(
    'select path, version, body from entries where path in (select value from json_each(?))',
  );
  return {
    file,
    name: 'better-sqlite3 by hand: puts one by one, or one statement for all gets',
    durability: durabilityOf(database),
    async put(paths, body) {
      for (const path of paths) upsert.run(path, body);
    },
    get: async (paths) => select.all(JSON.stringify(paths)).map(({ body }) => body),
    async [Symbol.asyncDispose]() {
      database.close();
      await scratch.remove();
    },
  };
}
