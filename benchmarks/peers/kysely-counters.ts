import { sql, type Kysely } from 'kysely';
import { countedUp, FIRST_TEXT, keyOf, type Counter } from '../records/counter.ts';
import { totalOf } from '../records/total-of.ts';

/** The table that both databases have. */
export interface CountersDatabase {
  counters: { path: string; version: number; body: string };
}

/** Makes the table with its counters. */
export async function createCounters(db: Kysely<CountersDatabase>, counters: number): Promise<void> {
  await db.schema
    .createTable('counters')
    .addColumn('path', 'text', (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  for (let number = 0; number < counters; number += 1) {
    await db
      .insertInto('counters')
      .values({ path: keyOf(number), version: 1, body: FIRST_TEXT })
      .execute();
  }
}

/** Reads and writes on the version that was read; answers whether it was still that one. */
export async function triedIncrement(db: Kysely<CountersDatabase>, path: string): Promise<boolean> {
  const { version, body } = await db
    .selectFrom('counters')
    .select(['version', 'body'])
    .where('path', '=', path)
    .executeTakeFirstOrThrow();
  const next = JSON.stringify(countedUp(JSON.parse(body) as Counter));
  const { numUpdatedRows } = await db
    .updateTable('counters')
    .set({ version: sql`version + 1`, body: next })
    .where('path', '=', path)
    .where('version', '=', version)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** What was added to all of them. */
export async function totalOfTable(db: Kysely<CountersDatabase>): Promise<number> {
  const rows = await db.selectFrom('counters').select('body').execute();
  return totalOf(rows.map(({ body }) => JSON.parse(body) as Counter));
}
