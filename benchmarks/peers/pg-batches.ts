import pg from 'pg';
import type { Batches } from '../groups/many.ts';
import { POOL_SIZE } from './pool-size.ts';
import { postgresDurability } from './postgres-durability.ts';
import { makeSchema } from './postgres-schema.ts';

/** pg by hand: puts one after the other; all gets are one statement. */
export async function pgBatches(connectionString: string): Promise<Batches> {
  const schema = await makeSchema(connectionString);
  const table = `${schema.name}.entries`;
  const pool = new pg.Pool({ connectionString, max: POOL_SIZE });
  await pool.query(`create table ${table} (path text primary key, version integer not null, body bytea not null)`);
  const upsert = {
    name: 'put',
    text: `insert into ${table} as stored values ($1, 1, $2)
      on conflict (path) do update set version = stored.version + 1, body = excluded.body`,
  };
  const select = { name: 'get', text: `select path, version, body from ${table} where path = any($1)` };
  return {
    name: 'pg by hand: puts one by one, or one statement for all gets',
    durability: await postgresDurability(pool),
    async put(paths, body) {
      for (const path of paths) await pool.query({ ...upsert, values: [path, body] });
    },
    async get(paths) {
      const { rows } = await pool.query<{ readonly body: Uint8Array }>({ ...select, values: [paths] });
      return rows.map(({ body }) => body);
    },
    async [Symbol.asyncDispose]() {
      await pool.end();
      await schema.drop();
    },
  };
}
