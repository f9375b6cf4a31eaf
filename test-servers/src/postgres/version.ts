import pg from 'pg';

/**
 * Connects once, asks for the version, and disconnects: `18.4`. Rejects with whatever the driver says; that may
 * contain the credentials.
 */
export async function postgresVersion(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, query_timeout: 10_000 });
  // A connection that is cut while it is being closed has told what was asked.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    // Packagers add words of their own: `18.6 (Debian 18.6-1.pgdg13+1)`.
    return rows[0]?.server_version.split(' ')[0] ?? 'of unknown version';
  } finally {
    await client.end().catch(() => {});
  }
}
