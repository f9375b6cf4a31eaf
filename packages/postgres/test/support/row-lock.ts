import pg from 'pg';
import { testDatabase } from './scratch-schema.ts';

/** Somebody else's transaction that holds the row of a path. */
export interface RowLock extends AsyncDisposable {
  /** Waits until as many statements wait for this transaction. */
  waitedForBy(count: number): Promise<void>;
  /** Ends it without a change. */
  release(): Promise<void>;
}

/** Locks the row of an entry that exists. */
export async function lockRow(schema: string, path: string): Promise<RowLock> {
  const client = new pg.Client({ connectionString: testDatabase() });
  await client.connect();
  await client.query('begin');
  const { rowCount } = await client.query(`select 1 from ${schema}.holdfast_entries where path = $1 for update`, [
    path,
  ]);
  if (rowCount !== 1) throw new Error(`there is no entry at ${path}`);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  let ended = false;
  const release = async (): Promise<void> => {
    if (ended) return;
    ended = true;
    await client.query('rollback');
    await client.end();
  };
  return {
    async waitedForBy(count) {
      // Not `pg_stat_activity`, which stays as it was for the length of a transaction.
      const waiting = 'select 1 from pg_locks where not granted and $1 = any(pg_blocking_pids(pid))';
      while ((await client.query(waiting, [rows[0]?.pid])).rowCount !== count) {
        // Asks again; each asking is a round trip.
      }
    },
    release,
    [Symbol.asyncDispose]: release,
  };
}
