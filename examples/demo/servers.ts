import { randomBytes } from 'node:crypto';
import { startLibsqlServer, startPostgres, type LibsqlServer } from '@holdfast/test-servers';
import { createClient } from '@libsql/client';
import pg from 'pg';

/** The servers of the demo, and where on them its records are: in a schema and in tables with names of their own. */
export interface DemoServers extends AsyncDisposable {
  readonly descriptions: readonly string[];
  readonly postgres: { readonly config: { readonly connectionString: string }; readonly schema: string };
  readonly libsql: {
    readonly config: { readonly url: string; readonly authToken?: string };
    readonly tablePrefix: string;
  };
  /** Removes what the demo wrote. */
  clear(): Promise<void>;
}

/**
 * Starts a PostgreSQL and a libSQL server: those at `HOLDFAST_POSTGRES_URL` and `HOLDFAST_LIBSQL_URL`, else in
 * Docker, else from npm. One that does not start is an error.
 */
export async function startServers(): Promise<DemoServers> {
  const starting = [startPostgres(), startLibsqlServer()] as const;
  const started = await Promise.allSettled(starting);
  const stop = async (): Promise<void> => {
    for (const server of started) if (server.status === 'fulfilled') await server.value.stop();
  };
  try {
    const [postgresServer, libsqlServer] = await Promise.all(starting);
    const name = `demo_${randomBytes(6).toString('hex')}`;
    const postgres = { config: { connectionString: postgresServer.url }, schema: name };
    const libsql = { config: libsqlConfig(libsqlServer), tablePrefix: `${name}_` };
    return {
      descriptions: [postgresServer.description, libsqlServer.description],
      postgres,
      libsql,
      clear: async () => void (await Promise.all([clearPostgres(postgres), clearLibsql(libsql)])),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function libsqlConfig({ url, authToken }: LibsqlServer): DemoServers['libsql']['config'] {
  return authToken === undefined ? { url } : { url, authToken };
}

async function clearPostgres({ config, schema }: DemoServers['postgres']): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await client.query(`drop schema if exists ${schema} cascade`);
  } finally {
    await client.end();
  }
}

async function clearLibsql({ config, tablePrefix }: DemoServers['libsql']): Promise<void> {
  const client = createClient(config);
  try {
    const tables = ['entries', 'migration', 'migration_lock'].map((name) => tablePrefix + name);
    await client.batch(
      tables.map((table) => `drop table if exists "${table}"`),
      'write',
    );
  } finally {
    client.close();
  }
}
