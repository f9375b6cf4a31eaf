import { openPostgres } from '@holdfast/postgres';
import { makeSchema } from '../peers/postgres-schema.ts';
import { POOL_SIZE } from '../peers/pool-size.ts';
import type { OurStore } from './our-store.ts';

/** A store in PostgreSQL, with its schema for whoever needs another connection to it. */
export interface OurPostgresStore extends OurStore {
  readonly schema: string;
}

/** A store in PostgreSQL, in a schema of its own, with a pool of as many connections as every peer has. */
export async function ourPostgres(connectionString: string): Promise<OurPostgresStore> {
  const schema = await makeSchema(connectionString);
  const filesystem = await openPostgres({ config: { connectionString, max: POOL_SIZE }, schema: schema.name });
  return {
    name: '@holdfast/postgres',
    schema: schema.name,
    filesystem,
    async [Symbol.asyncDispose]() {
      await filesystem.close();
      await schema.drop();
    },
  };
}
