import { randomBytes } from 'node:crypto';
import { openPostgres } from '@holdfast/postgres';
import pg from 'pg';
import type { Backend } from './backend.ts';

/** PostgreSQL: each store is a schema of its own. */
export const postgres: Backend = {
  id: 'postgres',
  name: 'PostgreSQL',
  server: 'postgres',
  harness: {
    name: 'PostgreSQL',
    async createStore() {
      const connectionString = process.env['HOLDFAST_POSTGRES_URL'];
      if (connectionString === undefined) throw new Error('HOLDFAST_POSTGRES_URL is not set');
      const schema = `matrix_${randomBytes(6).toString('hex')}`;
      return {
        open: () => openPostgres({ config: { connectionString }, schema }),
        child: {
          module: new URL('children/open-postgres.ts', import.meta.url).href,
          input: { connectionString, schema },
        },
        destroy: () => dropSchema(connectionString, schema),
      };
    },
  },
};

async function dropSchema(connectionString: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(`drop schema if exists ${schema} cascade`);
  } finally {
    await client.end();
  }
}
