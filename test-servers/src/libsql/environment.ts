import { reasonOf, ServerError } from '../server-error.ts';
import type { LibsqlServer } from '../server.ts';
import { libsqlVersion } from './version.ts';

/**
 * The server at a URL, which is asked for its version and otherwise left as it is.
 *
 * @throws ServerError when there is no URL, or it is none, or the server does not answer or refuses; without the
 * token
 */
export async function libsqlFromEnvironment(
  url: string | undefined,
  authToken: string | undefined,
): Promise<LibsqlServer> {
  if (!url) {
    throw new ServerError(
      'A libSQL server at a URL was asked for, but HOLDFAST_LIBSQL_URL is not set. Set it, or unset HOLDFAST_SERVERS.',
    );
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  // `fetch` refuses a URL with credentials in it, and clients take none there either.
  if (!parsed || !/^(libsql|https?|wss?):$/.test(parsed.protocol) || parsed.username || parsed.password) {
    throw new ServerError(
      'HOLDFAST_LIBSQL_URL is not of the form https://host:port (or libsql, http, wss, ws), without credentials: ' +
        'those go into HOLDFAST_LIBSQL_AUTH_TOKEN.',
    );
  }
  const version = await libsqlVersion(url, authToken).catch((thrown: unknown) => {
    const reason = reasonOf(thrown, [url, authToken ?? '', parsed.search.slice(1)]);
    throw new ServerError(
      `The libSQL server at HOLDFAST_LIBSQL_URL (${parsed.host}) cannot be used: ${reason}. Start it or mend the URL ` +
        'or HOLDFAST_LIBSQL_AUTH_TOKEN; unset HOLDFAST_LIBSQL_URL to have a server started.',
    );
  });
  return {
    url,
    authToken,
    source: 'environment',
    description: `libSQL server ${version} at ${parsed.host} (HOLDFAST_LIBSQL_URL)`,
    stop: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}
