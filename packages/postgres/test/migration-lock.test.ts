import pg from 'pg';
import { expect, test } from 'vitest';
import { openPostgres } from '../src/index.ts';
import { pooledClients } from './support/pooled-client.ts';
import { refusal } from './support/rejection.ts';
import { makeScratchDatabase, runSql } from './support/scratch-schema.ts';

const KYSELY_LOCK = '3853314791062309107';

const heldLocks = `
  select pid from pg_locks
  where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
`;

test('a migration leaves no lock behind, also where each transaction has a server connection of its own', async () => {
  await using database = await makeScratchDatabase('');
  const { connectionString } = database;
  const texts: string[] = [];
  const config = { connectionString, Client: pooledClients(connectionString, texts) };
  await using _store = await openPostgres({ config, schema: 'records', preparedStatements: false });
  expect(texts.filter((text) => /pg_advisory_(?:un)?lock/.test(text))).toEqual([]);
  expect(texts.filter((text) => text.includes(`pg_advisory_xact_lock(${KYSELY_LOCK})`))).toHaveLength(1);
  expect(await runSql(connectionString, heldLocks)).toEqual([]);
});

test("somebody else's migration by Kysely is waited for, and not for longer than a lock_timeout says", async () => {
  await using database = await makeScratchDatabase('');
  const { connectionString } = database;
  const holder = new pg.Client({ connectionString });
  await holder.connect();
  try {
    await holder.query(`select pg_advisory_lock(${KYSELY_LOCK})`);
    const impatient = { connectionString, lock_timeout: 100 };
    expect(await refusal(openPostgres({ config: impatient, schema: 'records' }))).toBe('BUSY');
    const opening = openPostgres({ config: { connectionString }, schema: 'records' });
    const waiting = async (): Promise<number> =>
      (await runSql(connectionString, `${heldLocks} and not granted`)).length;
    await expect.poll(waiting, { timeout: 10_000 }).toBe(1);
    await holder.query(`select pg_advisory_unlock(${KYSELY_LOCK})`);
    await (await opening).close();
  } finally {
    await holder.end();
  }
});
