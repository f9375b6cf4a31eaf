import pg from 'pg';
import { testDatabase } from './scratch-schema.ts';

/** Somebody else's transaction that holds the row of a path. */
export interface RowLock extends AsyncDisposable {
  /** Waits until as many statements wait for this transaction. */
  waitedForBy(count: number): Promise<void>;
  /** Locks the row of another entry in the same transaction. */
  lockAsWell(path: string): Promise<void>;
  /** Ends it without a change. */
  release(): Promise<void>;
}

/** Somebody else's transaction in which an entry was made, and which has not ended. */
export interface UnmadeEntry extends RowLock {
  /** Ends it, and the entry is there. */
  make(): Promise<void>;
}

/** Settings of the server for somebody else's transaction. */
export interface LockSettings {
  /** How long it waits before the server looks for a deadlock on its behalf. */
  readonly deadlockTimeout: string;
}

/** Locks the row of an entry that exists. */
export function lockRow(schema: string, path: string, settings?: LockSettings): Promise<RowLock> {
  return hold(schema, rowLock(schema), path, settings);
}

/** Locks the whole table, so that whatever reads or writes there waits on a connection of its own. */
export function lockTable(schema: string): Promise<RowLock> {
  return hold(schema, `lock table ${schema}.holdfast_entries in access exclusive mode`);
}

/** Makes an entry in a transaction that stays open. */
export function lockUnmade(schema: string, path: string): Promise<UnmadeEntry> {
  const columns = '(path, content_type, version, body)';
  return hold(
    schema,
    `insert into ${schema}.holdfast_entries ${columns} values ($1, 'a/b', gen_random_uuid(), '')`,
    path,
  );
}

function rowLock(schema: string): string {
  return `select 1 from ${schema}.holdfast_entries where path = $1 for update`;
}

async function hold(schema: string, statement: string, path?: string, settings?: LockSettings): Promise<UnmadeEntry> {
  const client = new pg.Client({ connectionString: testDatabase() });
  await client.connect();
  await client.query('begin');
  if (settings !== undefined) await client.query(`set local deadlock_timeout = '${settings.deadlockTimeout}'`);
  const { rowCount } = await client.query(statement, path === undefined ? [] : [path]);
  if (path !== undefined && rowCount !== 1) throw new Error(`there is no entry at ${path}`);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  let ended = false;
  const end = async (how: 'commit' | 'rollback'): Promise<void> => {
    if (ended) return;
    ended = true;
    await client.query(how);
    await client.end();
  };
  const release = (): Promise<void> => end('rollback');
  return {
    async waitedForBy(count) {
      // Not `pg_stat_activity`, which stays as it was for the length of a transaction.
      const waiting = 'select 1 from pg_locks where not granted and $1 = any(pg_blocking_pids(pid))';
      while ((await client.query(waiting, [rows[0]?.pid])).rowCount !== count) {
        // Asks again; each asking is a round trip.
      }
    },
    lockAsWell: async (other) => void (await client.query(rowLock(schema), [other])),
    release,
    make: () => end('commit'),
    [Symbol.asyncDispose]: release,
  };
}
