import pg from 'pg';

/** Runs one statement over a connection of its own. Rejects with the driver's error. */
export async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

/** The ids of all processes of a PostgreSQL server, as it knows them. */
export async function processesOf(url: string): Promise<number[]> {
  const others = await query<{ pid: number }>(url, 'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
  return [Number(await lockFileLine(url, 1)), ...others.map((it) => it.pid)];
}

/** The id of the System V segment of a PostgreSQL server. */
export async function sharedMemoryOf(url: string): Promise<string> {
  // The line is `key id`.
  return (await lockFileLine(url, 7)).split(/\s+/)[1] ?? '';
}

async function lockFileLine(url: string, number: number): Promise<string> {
  const [lock] = await query<{ text: string }>(url, "SELECT pg_read_file('postmaster.pid') AS text");
  return lock?.text.split('\n')[number - 1]?.trim() ?? '';
}
