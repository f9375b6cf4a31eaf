import Database from 'better-sqlite3';
import pg from 'pg';
import { alternate } from '../measure/alternate.ts';
import { closedLoop } from '../measure/closed-loop.ts';
import { turnOf } from '../measure/effort.ts';
import { ourPostgres } from '../ours/postgres.ts';
import { ourSqlite } from '../ours/sqlite.ts';
import { POOL_SIZE } from '../peers/pool-size.ts';
import { keyOf } from '../records/counter.ts';
import { fill } from '../records/fill.ts';
import type { Benchmark, Context, Group } from '../run/benchmark.ts';

/** How many records are read, one after the other by each caller. */
const RECORDS = 64;

/** How many reads of SQLite are one call, so that asking for the time is none of what is measured. */
const READS = 20;

/** What `get` reads. */
const COLUMNS = 'path, kind, content_type, indexed, version, body';

const sqliteGet: Benchmark = {
  ids: ['sqlite-get'],
  async measure([id = ''], { effort }: Context) {
    await using ours = await ourSqlite();
    await using stack = new AsyncDisposableStack();
    await fill(ours.filesystem, RECORDS);
    const database = new Database(ours.file, { readonly: true });
    stack.defer(() => void database.close());
    const select = database.prepare(`select ${COLUMNS} from holdfast_entries where path = ?`);
    const keys = Array.from({ length: RECORDS }, (_, number) => keyOf(number));
    const turn = turnOf(effort);
    const rounds = await alternate(
      {
        ours: () =>
          reading(turn, async (first) => {
            for (let n = 0; n < READS; n += 1) await ours.filesystem.get(keys[(first + n) % RECORDS] as string);
          }),
        peer: () =>
          reading(turn, async (first) => {
            for (let n = 0; n < READS; n += 1) select.get(keys[(first + n) % RECORDS]);
          }),
      },
      effort,
    );
    return [{ id, unit: 'per second', ...rounds }];
  },
};

async function reading(turn: number, call: (first: number) => Promise<void>): Promise<number> {
  let first = 0;
  const calls = await closedLoop(1, turn, () => {
    first += READS;
    return call(first);
  });
  return calls * READS;
}

const postgresGets = [1, 64].map((readers): Benchmark => ({
  ids: [`postgres-get-${readers}`],
  server: 'postgres',
  async measure([id = ''], { servers, effort }: Context) {
    await using ours = await ourPostgres(servers.postgresUrl());
    await using stack = new AsyncDisposableStack();
    await fill(ours.filesystem, RECORDS);
    const pool = new pg.Pool({ connectionString: servers.postgresUrl(), max: POOL_SIZE });
    stack.defer(() => pool.end());
    const select = { name: 'get', text: `select ${COLUMNS} from ${ours.schema}.holdfast_entries where path = $1` };
    const turn = turnOf(effort);
    const rounds = await alternate(
      {
        ours: () => closedLoop(readers, turn, (reader) => ours.filesystem.get(keyOf(reader))),
        peer: () => closedLoop(readers, turn, (reader) => pool.query({ ...select, values: [keyOf(reader)] })),
      },
      effort,
    );
    return [{ id, unit: 'per second', ...rounds }];
  },
}));

/** Reads of one record, beside the statement by itself, which reads the same columns of the same table. */
export const GET_GROUP: Group = {
  title: "Gets a second of records of 200 bytes, beside the driver's own call with a prepared statement",
  benchmarks: [sqliteGet, ...postgresGets],
};
