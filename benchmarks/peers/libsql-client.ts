import { randomBytes } from 'node:crypto';
import { createClient, LibsqlError } from '@libsql/client';
import type { CounterStore } from '../records/counter-store.ts';
import { countedUp, FIRST_TEXT, keyOf, type Counter } from '../records/counter.ts';
import { totalOf } from '../records/total-of.ts';
import type { LibsqlAddress } from '../run/servers.ts';

/** @libsql/client by hand: one `execute` for each step, done again when the version has changed or the database is busy. */
export async function libsqlClient(address: LibsqlAddress, counters: number): Promise<CounterStore> {
  const table = `bench_${randomBytes(6).toString('hex')}`;
  const client = createClient(address);
  await client.execute(`create table ${table} (path text primary key, version integer not null, body text not null)`);
  for (let number = 0; number < counters; number += 1) {
    await client.execute({ sql: `insert into ${table} values (?, 1, ?)`, args: [keyOf(number), FIRST_TEXT] });
  }
  const select = `select version, body from ${table} where path = ?`;
  const update = `update ${table} set version = version + 1, body = ? where path = ? and version = ?`;

  const tried = async (path: string): Promise<boolean> => {
    const { rows } = await client.execute({ sql: select, args: [path] });
    const { version, body } = rows[0] as unknown as { readonly version: number; readonly body: string };
    const next = JSON.stringify(countedUp(JSON.parse(body) as Counter));
    const { rowsAffected } = await client.execute({ sql: update, args: [next, path, version] });
    return rowsAffected === 1;
  };
  return {
    name: `@libsql/client by hand over ${client.protocol}, one execute for each step`,
    durability: await serverDurability(client),
    async increment(key) {
      for (;;) {
        try {
          if (await tried(keyOf(key))) return;
        } catch (error) {
          if (!isBusy(error)) throw error;
        }
      }
    },
    async total() {
      const { rows } = await client.execute(`select body from ${table}`);
      return totalOf(rows.map((row) => JSON.parse(row['body'] as string) as Counter));
    },
    async [Symbol.asyncDispose]() {
      await client.execute(`drop table ${table}`);
      client.close();
    },
  };
}

/** What refuses a write before anything is done. */
function isBusy(error: unknown): boolean {
  return error instanceof LibsqlError && error.code.startsWith('SQLITE_BUSY');
}

async function serverDurability(client: ReturnType<typeof createClient>): Promise<string> {
  const value = await client.execute('pragma synchronous').then(
    ({ rows }) => Number(rows[0]?.['synchronous']),
    () => 'as the server has it',
  );
  return `synchronous ${value}`;
}
