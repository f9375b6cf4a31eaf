import pg from 'pg';
import type { CounterStore } from '../records/counter-store.ts';
import { countedUp, FIRST_TEXT, keyOf, type Counter } from '../records/counter.ts';
import { totalOf } from '../records/total-of.ts';
import { POOL_SIZE } from './pool-size.ts';
import { postgresDurability } from './postgres-durability.ts';
import { makeSchema } from './postgres-schema.ts';

interface Row {
  readonly version: number;
  readonly body: string;
}

/** pg by hand, without a lock: reads, writes on the version that it has read, and does it again when that has changed. */
export function pgOptimistic(connectionString: string, counters: number): Promise<CounterStore> {
  return open(connectionString, counters, 'select, then update … where version', (pool, table) => async (key) => {
    for (;;) {
      const found = await pool.query<Row>({ ...selectFrom(table), values: [key] });
      const { version, body } = found.rows[0] as Row;
      const { rowCount } = await pool.query({ ...updateOf(table), values: [key, nextOf(body), version] });
      if (rowCount === 1) return;
    }
  });
}

/** pg by hand, with a lock on the row: `BEGIN; SELECT … FOR UPDATE; UPDATE; COMMIT`. */
export function pgForUpdate(connectionString: string, counters: number): Promise<CounterStore> {
  return open(connectionString, counters, 'select … for update in a transaction', (pool, table) => async (key) => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const found = await client.query<Row>({ ...selectFrom(table, ' for update'), values: [key] });
      const { version, body } = found.rows[0] as Row;
      await client.query({ ...updateOf(table), values: [key, nextOf(body), version] });
      await client.query('commit');
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  });
}

async function open(
  connectionString: string,
  counters: number,
  how: string,
  incrementOf: (pool: pg.Pool, table: string) => (path: string) => Promise<void>,
): Promise<CounterStore> {
  const schema = await makeSchema(connectionString);
  const table = `${schema.name}.counters`;
  const pool = new pg.Pool({ connectionString, max: POOL_SIZE });
  await pool.query(`create table ${table} (path text primary key, version integer not null, body text not null)`);
  for (let number = 0; number < counters; number += 1) {
    await pool.query(`insert into ${table} values ($1, 1, $2)`, [keyOf(number), FIRST_TEXT]);
  }
  const increment = incrementOf(pool, table);
  return {
    name: `pg by hand, ${how}, named statements, pool of ${POOL_SIZE}`,
    durability: await postgresDurability(pool),
    increment: (key) => increment(keyOf(key)),
    async total() {
      const { rows } = await pool.query<Row>(`select version, body from ${table}`);
      return totalOf(rows.map(({ body }) => JSON.parse(body) as Counter));
    },
    async [Symbol.asyncDispose]() {
      await pool.end();
      await schema.drop();
    },
  };
}

function selectFrom(table: string, lock = ''): { readonly name: string; readonly text: string } {
  return { name: `select${lock}`, text: `select version, body from ${table} where path = $1${lock}` };
}

function updateOf(table: string): { readonly name: string; readonly text: string } {
  const text = `update ${table} set version = version + 1, body = $2 where path = $1 and version = $3`;
  return { name: 'update', text };
}

function nextOf(body: string): string {
  return JSON.stringify(countedUp(JSON.parse(body) as Counter));
}
