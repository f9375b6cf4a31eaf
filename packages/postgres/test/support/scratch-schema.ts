import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A schema of its own in the database of the tests. */
export interface ScratchSchema extends AsyncDisposable {
  readonly connectionString: string;
  readonly schema: string;
  /** Shown by the server for the connections of this test, when it is given as `application_name`. */
  readonly name: string;
  remove(): Promise<void>;
}

/** Where the database of the tests is. */
export function testDatabase(): string {
  const url = process.env['HOLDFAST_POSTGRES_URL'];
  if (url === undefined) throw new Error('HOLDFAST_POSTGRES_URL is not set: run the tests with `npm test`');
  return url;
}

/** Runs statements on a connection of its own and gives the rows of the last. */
export async function runSql(connectionString: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    // Several statements in one text give several results.
    const results = [await client.query(text)].flat() as readonly pg.QueryResult<Record<string, unknown>>[];
    return results.at(-1)?.rows ?? [];
  } finally {
    await client.end();
  }
}

/** Names a schema that does not exist yet; opening creates it. */
export function makeScratchSchema(connectionString: string = testDatabase()): ScratchSchema {
  const schema = `test_${randomBytes(6).toString('hex')}`;
  const remove = async (): Promise<void> => {
    await runSql(connectionString, `drop schema if exists ${schema} cascade`);
  };
  return { connectionString, schema, name: schema, remove, [Symbol.asyncDispose]: remove };
}

/** Creates a database with options of `create database`, and removes it afterwards. */
export async function makeScratchDatabase(options: string): Promise<AsyncDisposable & { connectionString: string }> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await runSql(testDatabase(), `create database ${name} template template0 ${options}`);
  const url = new URL(testDatabase());
  url.pathname = `/${name}`;
  return {
    connectionString: url.href,
    [Symbol.asyncDispose]: async () => void (await runSql(testDatabase(), `drop database ${name} with (force)`)),
  };
}

/** Ends connections with this name, as an administrator would; answers how many there were. */
export async function killConnections(name: string, connectionString: string = testDatabase()): Promise<number> {
  const rows = await runSql(
    connectionString,
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${name}'`,
  );
  return rows.length;
}
