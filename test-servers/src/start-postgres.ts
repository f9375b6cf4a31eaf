import { chooseSource } from './choose-source.ts';
import { environmentVariable } from './environment-variable.ts';
import { startPostgresBinary } from './postgres/binary.ts';
import { postgresFromEnvironment } from './postgres/environment.ts';
import type { Restartable, Server, ServerOptions } from './server.ts';

/**
 * Gives a PostgreSQL whose user may create schemas, databases and roles: the one at `HOLDFAST_POSTGRES_URL`, else a
 * container if a Docker engine answers within two seconds, else one from npm. Each call starts a server of its own,
 * except for a URL, where everybody shares one: name what you make at random, and remove it.
 *
 * @throws ServerError when it cannot be had. A source that was asked for, or whose turn it was, is never replaced by
 * another one.
 */
export function startPostgres(options: ServerOptions & { readonly only: 'binary' }): Promise<Server & Restartable>;
export function startPostgres(options?: ServerOptions): Promise<Server>;
export async function startPostgres({ only }: ServerOptions = {}): Promise<Server> {
  const url = environmentVariable('HOLDFAST_POSTGRES_URL');
  const starts = {
    environment: () => postgresFromEnvironment(url),
    // Loaded only if it comes to that: testcontainers takes most of a second.
    docker: async () => (await import('./postgres/docker.ts')).startPostgresContainer(),
    binary: startPostgresBinary,
  };
  return starts[await chooseSource(only, url)]();
}
