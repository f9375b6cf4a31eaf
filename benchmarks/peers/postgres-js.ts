import postgres from 'postgres';
import type { CounterStore } from '../records/counter-store.ts';
import { countedUp, FIRST_TEXT, keyOf, type Counter } from '../records/counter.ts';
import { totalOf } from '../records/total-of.ts';
import { POOL_SIZE } from './pool-size.ts';
import { makeSchema } from './postgres-schema.ts';

interface Row {
  readonly version: number;
  readonly body: string;
}

/** Postgres.js by hand: reads, writes on the version that it has read, and does it again when that has changed. */
export async function postgresJs(connectionString: string, counters: number): Promise<CounterStore> {
  const schema = await makeSchema(connectionString);
  const sql = postgres(connectionString, { max: POOL_SIZE });
  const table = sql(`${schema.name}.counters`);
  await sql`create table ${table} (path text primary key, version integer not null, body text not null)`;
  for (let number = 0; number < counters; number += 1) {
    await sql`insert into ${table} values (${keyOf(number)}, 1, ${FIRST_TEXT})`;
  }
  const [setting] = await sql<{ fsync: string; synced: string }[]>`
    select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synced`;
  return {
    name: `postgres.js by hand, select, then update … where version, pool of ${POOL_SIZE}`,
    durability: `fsync ${setting?.fsync}, synchronous_commit ${setting?.synced}`,
    async increment(key) {
      for (;;) {
        const path = keyOf(key);
        const [row] = await sql<Row[]>`select version, body from ${table} where path = ${path}`;
        const { version, body } = row as Row;
        const next = JSON.stringify(countedUp(JSON.parse(body) as Counter));
        const { count } = await sql`
          update ${table} set version = version + 1, body = ${next} where path = ${path} and version = ${version}`;
        if (count === 1) return;
      }
    },
    async total() {
      const rows = await sql<Row[]>`select version, body from ${table}`;
      return totalOf(rows.map(({ body }) => JSON.parse(body) as Counter));
    },
    async [Symbol.asyncDispose]() {
      await sql.end();
      await schema.drop();
    },
  };
}
