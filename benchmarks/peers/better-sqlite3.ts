import { join } from 'node:path';
import { makeScratchDirectory } from '@holdfast/test-support';
import Database from 'better-sqlite3';
import type { CounterStore } from '../records/counter-store.ts';
import { countedUp, FIRST_TEXT, keyOf, type Counter } from '../records/counter.ts';
import { totalOf } from '../records/total-of.ts';
import { durabilityOf, makeDurable } from './sqlite-settings.ts';

interface Row {
  readonly version: number;
  readonly body: string;
}

/** better-sqlite3 by hand: one transaction for each update, which reads, and writes on the version that it has read. */
export async function betterSqlite3(counters: number): Promise<CounterStore> {
  const scratch = await makeScratchDirectory('bench');
  const database = new Database(join(scratch.path, 'peer.db'));
  makeDurable(database);
  database.exec('create table counters (path text primary key, version integer not null, body text not null)');
  const insert = database.prepare('insert into counters values (?, 1, ?)');
  for (let number = 0; number < counters; number += 1) insert.run(keyOf(number), FIRST_TEXT);
  const begin = database.prepare('begin immediate');
  const select = database.prepare<[string], Row>('select version, body from counters where path = ?');
  const update = database.prepare('update counters set version = ?, body = ? where path = ? and version = ?');
  const commit = database.prepare('commit');
  const rollback = database.prepare('rollback');

  return {
    name: 'better-sqlite3 by hand, one transaction for each update',
    durability: durabilityOf(database),
    async increment(key) {
      begin.run();
      try {
        const { version, body } = select.get(keyOf(key)) as Row;
        const next = JSON.stringify(countedUp(JSON.parse(body) as Counter));
        if (update.run(version + 1, next, keyOf(key), version).changes !== 1)
          throw new Error('the version has changed');
        commit.run();
      } catch (error) {
        rollback.run();
        throw error;
      }
    },
    async total() {
      const rows = database.prepare<[], { body: string }>('select body from counters').all();
      return totalOf(rows.map(({ body }) => JSON.parse(body) as Counter));
    },
    async [Symbol.asyncDispose]() {
      database.close();
      await scratch.remove();
    },
  };
}
