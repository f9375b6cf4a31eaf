import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A schema of its own for one side of a comparison. */
export interface PostgresSchema {
  readonly name: string;
  readonly drop: () => Promise<void>;
}

/** Makes an empty schema with a random name. */
export async function makeSchema(connectionString: string): Promise<PostgresSchema> {
  const name = `bench_${randomBytes(6).toString('hex')}`;
  await asked(connectionString, `create schema ${name}`);
  return { name, drop: () => asked(connectionString, `drop schema ${name} cascade`) };
}

/** Runs SQL on a connection of its own. */
export async function asked(connectionString: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
