import { join } from 'node:path';
import { makeScratchDirectory } from '@holdfast/test-support';
import Database from 'better-sqlite3';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import pg from 'pg';
import type { CounterStore } from '../records/counter-store.ts';
import { keyOf } from '../records/counter.ts';
import { createCounters, totalOfTable, triedIncrement, type CountersDatabase } from './kysely-counters.ts';
import { POOL_SIZE } from './pool-size.ts';
import { postgresDurability } from './postgres-durability.ts';
import { makeSchema } from './postgres-schema.ts';
import { durabilityOf, makeDurable } from './sqlite-settings.ts';

/** Kysely on better-sqlite3: a transaction for each update. */
export async function kyselySqlite(counters: number): Promise<CounterStore> {
  const scratch = await makeScratchDirectory('bench');
  const database = new Database(join(scratch.path, 'peer.db'));
  makeDurable(database);
  const db = new Kysely<CountersDatabase>({ dialect: new SqliteDialect({ database }) });
  await createCounters(db, counters);
  return {
    name: 'Kysely on better-sqlite3, one transaction for each update',
    durability: durabilityOf(database),
    async increment(key) {
      const updated = await db.transaction().execute((transaction) => triedIncrement(transaction, keyOf(key)));
      if (!updated) throw new Error('the version has changed in a transaction that nobody else is in');
    },
    total: () => totalOfTable(db),
    async [Symbol.asyncDispose]() {
      await db.destroy();
      await scratch.remove();
    },
  };
}

/** Kysely on pg: reads, writes on the version that it has read, and does it again when that has changed. */
export async function kyselyPostgres(connectionString: string, counters: number): Promise<CounterStore> {
  const schema = await makeSchema(connectionString);
  const pool = new pg.Pool({ connectionString, max: POOL_SIZE });
  const db = new Kysely<CountersDatabase>({ dialect: new PostgresDialect({ pool }) }).withSchema(schema.name);
  await createCounters(db, counters);
  return {
    name: `Kysely on pg, select, then update … where version, pool of ${POOL_SIZE}`,
    durability: await postgresDurability(pool),
    async increment(key) {
      while (!(await triedIncrement(db, keyOf(key))));
    },
    total: () => totalOfTable(db),
    async [Symbol.asyncDispose]() {
      await db.destroy();
      await schema.drop();
    },
  };
}
