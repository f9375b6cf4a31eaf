import { reasonOf, ServerError } from '../server-error.ts';
import type { Server } from '../server.ts';
import { postgresVersion } from './version.ts';

/**
 * The server at a URL, which is asked for its version and otherwise left as it is.
 *
 * @throws ServerError when there is no URL, or it is none, or the server does not answer or refuses; without the
 * password
 */
export async function postgresFromEnvironment(url: string | undefined): Promise<Server> {
  if (!url) {
    throw new ServerError(
      'A PostgreSQL at a URL was asked for, but HOLDFAST_POSTGRES_URL is not set. Set it, or unset HOLDFAST_SERVERS.',
    );
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new ServerError('HOLDFAST_POSTGRES_URL is not of the form postgres://user:password@host:port/database.');
  }
  const version = await postgresVersion(url).catch((thrown: unknown) => {
    // The driver's error is not kept as the cause: it may carry the URL.
    const reason = reasonOf(thrown, [url, parsed.password, safeDecode(parsed.password)]);
    throw new ServerError(
      `The PostgreSQL at HOLDFAST_POSTGRES_URL (${parsed.host}) cannot be used: ${reason}. Start it or mend the URL; ` +
        'unset HOLDFAST_POSTGRES_URL to have a server started.',
    );
  });
  return {
    url,
    source: 'environment',
    description: `PostgreSQL ${version} at ${parsed.host} (HOLDFAST_POSTGRES_URL)`,
    stop: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
