import type { LibsqlServer } from '../../src/index.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Runs one statement on a libSQL server, with its own token or another one. Rejects if nothing answers. */
export async function execute(
  server: LibsqlServer,
  sql: string,
  token = server.authToken,
  signal?: AbortSignal,
): Promise<Answer> {
  const response = await fetch(`${server.url}/v2/pipeline`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token !== undefined && { Authorization: `Bearer ${token}` }) },
    ...(signal && { signal }),
    body: JSON.stringify({ requests: [{ type: 'execute', stmt: { sql } }, { type: 'close' }] }),
  });
  return { status: response.status, text: await response.text() };
}
