import Database from 'better-sqlite3';
import { ourPostgres } from '../ours/postgres.ts';
import type { OurStore } from '../ours/our-store.ts';
import { ourSqlite } from '../ours/sqlite.ts';
import { asked } from '../peers/postgres-schema.ts';
import { COUNTERS, FIRST } from './counter.ts';

/** A directory with the same thousand entries in every such store. */
export const LISTED = '/listed';

/** A directory with {@link DIRECTORIES} directories, among which all other entries are divided. */
export const DIVIDED = '/divided';

/** How many directories {@link DIVIDED} has. */
export const DIRECTORIES = 100;

const IN_LISTED = 1000;

/** The first entry, which is put by the interface; the others are copies of it. */
const FIRST_PATH = `${LISTED}/0000000`;

/** The columns that all entries have in common. */
const COPIED = 'kind, content_type, indexed, version, body';

/** A store in a SQLite file with so many entries, loaded by SQL and not by the interface. */
export async function entriesInSqlite(entries: number): Promise<OurStore> {
  const store = await ourSqlite();
  await putFirst(store);
  const database = new Database(store.file);
  database.pragma('synchronous = off');
  database
    .prepare(
      `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n + 1 < ?)
      insert into holdfast_entries (path, ${COPIED})
      select iif(n < ${IN_LISTED}, '${LISTED}', printf('${DIVIDED}/%02d', n % ${DIRECTORIES})) || printf('/%07d', n), ${COPIED}
      from numbers, (select ${COPIED} from holdfast_entries)`,
    )
    .run(entries);
  database.pragma('wal_checkpoint(truncate)');
  database.close();
  return store;
}

/** The same in PostgreSQL. */
export async function entriesInPostgres(connectionString: string, entries: number): Promise<OurStore> {
  const store = await ourPostgres(connectionString);
  await putFirst(store);
  const table = `${store.schema}.holdfast_entries`;
  const directory = `'${DIVIDED}/' || lpad((n % ${DIRECTORIES})::text, 2, '0')`;
  await asked(
    connectionString,
    `insert into ${table} (path, ${COPIED})
    select case when n < ${IN_LISTED} then '${LISTED}' else ${directory} end || '/' || lpad(n::text, 7, '0'), ${COPIED}
    from generate_series(1, ${entries - 1}) as n, (select ${COPIED} from ${table}) as first`,
  );
  // As the server does by itself some time after so many changes.
  await asked(connectionString, `vacuum analyze ${table}`);
  return store;
}

async function putFirst({ filesystem }: OurStore): Promise<void> {
  await filesystem.put(FIRST_PATH, await COUNTERS.encode(FIRST), 'any');
}
