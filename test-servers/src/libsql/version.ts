/**
 * Asks a libSQL server to run a statement, then for its version: `0.24.32`. Two round trips. Rejects with what the
 * server or `fetch` says; that contains no token, but may contain the URL.
 */
export async function libsqlVersion(url: string, authToken: string | undefined): Promise<string> {
  const base = httpUrl(url);
  const headers = { 'Content-Type': 'application/json', ...(authToken && { Authorization: `Bearer ${authToken}` }) };
  const body = JSON.stringify({ requests: [{ type: 'execute', stmt: { sql: 'SELECT 1' } }, { type: 'close' }] });
  const answer = await fetch(new URL('v2/pipeline', base), { method: 'POST', headers, body, ...limits() });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`status ${answer.status}: ${text.slice(0, 200)}`);
  if (!text.includes('"results"')) throw new Error('what answers is no libSQL server');

  const version = await fetch(new URL('version', base), { headers, ...limits() });
  // `sqld 0.24.32 (40c272de 2025-02-14)`; hosted servers may not tell.
  return /^sqld (?<version>\S+)/.exec(await version.text())?.groups?.['version'] ?? 'of unknown version';
}

function limits(): RequestInit {
  return { signal: AbortSignal.timeout(10_000), redirect: 'error' };
}

/** The URL over which the same server is spoken to in plain HTTP. */
function httpUrl(url: string): URL {
  const parsed = new URL(url.replace(/^(libsql|wss):/i, 'https:').replace(/^ws:/i, 'http:'));
  // As clients of libSQL understand it: a `libsql:` URL is encrypted unless it says otherwise.
  if (parsed.searchParams.get('tls') === '0') parsed.protocol = 'http:';
  parsed.search = '';
  if (!parsed.pathname.endsWith('/')) parsed.pathname += '/';
  return parsed;
}
