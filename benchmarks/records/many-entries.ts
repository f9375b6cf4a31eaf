import Database from 'better-sqlite3';
import { ourPostgres } from '../ours/postgres.ts';
import type { OurStore } from '../ours/our-store.ts';
import { ourSqlite } from '../ours/sqlite.ts';
import { asked } from '../peers/postgres-schema.ts';
import { COUNTERS, FIRST } from './counter.ts';

/** Among how many directories entries are divided: `/store/d000` to `/store/d099`. */
export const DIRECTORIES = 100;

/** The columns that all entries have in common with one that was put. */
const COPIED = 'kind, content_type, indexed, version, body';

const SEED = '/seed';

/** A store in a SQLite file with so many entries, loaded by SQL and not by the interface. */
export async function entriesInSqlite(entries: number): Promise<OurStore> {
  const store = await ourSqlite();
  await putSeed(store);
  const database = new Database(store.file);
  database.pragma('synchronous = off');
  database
    .prepare(
      `with recursive numbers (n) as (select 0 union all select n + 1 from numbers where n + 1 < ?)
      insert into holdfast_entries (path, ${COPIED})
      select printf('/store/d%03d/e%07d', n * ${DIRECTORIES} / ?, n), ${COPIED}
      from numbers, (select ${COPIED} from holdfast_entries where path = ?)`,
    )
    .run(entries, entries, SEED);
  database.pragma('wal_checkpoint(truncate)');
  database.close();
  return store;
}

/** The same in PostgreSQL. */
export async function entriesInPostgres(connectionString: string, entries: number): Promise<OurStore> {
  const store = await ourPostgres(connectionString);
  await putSeed(store);
  const table = `${store.schema}.holdfast_entries`;
  await asked(
    connectionString,
    `insert into ${table} (path, ${COPIED})
    select '/store/d' || lpad((n * ${DIRECTORIES} / ${entries})::text, 3, '0') || '/e' || lpad(n::text, 7, '0'), ${COPIED}
    from generate_series(0, ${entries - 1}) as n, (select ${COPIED} from ${table} where path = '${SEED}') as seed`,
  );
  // As the server does by itself some time after so many changes.
  await asked(connectionString, `vacuum analyze ${table}`);
  return store;
}

async function putSeed({ filesystem }: OurStore): Promise<void> {
  await filesystem.put(SEED, await COUNTERS.encode(FIRST), 'any');
}
