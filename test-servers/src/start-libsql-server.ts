import { chooseSource } from './choose-source.ts';
import { environmentVariable } from './environment-variable.ts';
import { startLibsqlBinary } from './libsql/binary.ts';
import { libsqlFromEnvironment } from './libsql/environment.ts';
import type { LibsqlServer, Restartable, ServerOptions } from './server.ts';

/**
 * Gives a libSQL server with one database that may be written to: the one at `HOLDFAST_LIBSQL_URL` (with
 * `HOLDFAST_LIBSQL_AUTH_TOKEN`), else a container if a Docker engine answers within two seconds, else one from npm.
 * Each call starts a server of its own, except for a URL, where everybody shares one: name what you make at random,
 * and remove it.
 *
 * @throws ServerError when it cannot be had. A source that was asked for, or whose turn it was, is never replaced by
 * another one.
 */
export function startLibsqlServer(
  options: ServerOptions & { readonly only: 'binary' },
): Promise<LibsqlServer & Restartable>;
export function startLibsqlServer(options?: ServerOptions): Promise<LibsqlServer>;
export async function startLibsqlServer({ only }: ServerOptions = {}): Promise<LibsqlServer> {
  const url = environmentVariable('HOLDFAST_LIBSQL_URL');
  const starts = {
    environment: () => libsqlFromEnvironment(url, environmentVariable('HOLDFAST_LIBSQL_AUTH_TOKEN')),
    // Loaded only if it comes to that: testcontainers takes most of a second.
    docker: async () => (await import('./libsql/docker.ts')).startLibsqlContainer(),
    binary: startLibsqlBinary,
  };
  return starts[await chooseSource(only, url)]();
}
