import { KeyvPostgres } from '@keyv/postgres';
import { Keyv } from 'keyv';
import pg from 'pg';
import type { Counter } from '../records/counter.ts';
import { POOL_SIZE } from './pool-size.ts';
import { postgresDurability } from './postgres-durability.ts';
import { makeSchema } from './postgres-schema.ts';
import type { ValueStore } from './value-store.ts';

/** Keyv on pg. */
export async function keyvPostgres(connectionString: string): Promise<ValueStore> {
  const schema = await makeSchema(connectionString);
  const store = new KeyvPostgres({ uri: connectionString, schema: schema.name, max: POOL_SIZE });
  const keyv = new Keyv<Counter>({ store });
  const pool = new pg.Pool({ connectionString, max: 1 });
  const durability = await postgresDurability(pool);
  await pool.end();
  return {
    name: `Keyv on pg (@keyv/postgres), pool of ${POOL_SIZE}`,
    durability,
    get: (key) => keyv.get<Counter>(key),
    set: (key, value) => keyv.set(key, value),
    async [Symbol.asyncDispose]() {
      await keyv.disconnect();
      await schema.drop();
    },
  };
}
