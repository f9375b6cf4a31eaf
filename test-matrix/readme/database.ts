import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** An empty PostgreSQL database for the code of READMEs. */
export interface Database {
  readonly url: string;
  remove(): Promise<void>;
}

/** Creates a database on the server of the tests. */
export async function makeDatabase(): Promise<Database> {
  const server = process.env['HOLDFAST_POSTGRES_URL'];
  if (server === undefined) throw new Error('HOLDFAST_POSTGRES_URL is not set: run the tests with `npm test`');
  const name = `readme_${randomBytes(6).toString('hex')}`;
  await run(server, `create database ${name} template template0`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => run(server, `drop database ${name} with (force)`) };
}

async function run(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
