import { randomBytes } from 'node:crypto';
import { startContainer } from '../docker/container.ts';
import { postgresImage } from '../docker/images.ts';
import type { Server } from '../server.ts';
import { initdbFlags, postgresName, postgresSettings, postgresUrl } from './settings.ts';
import { postgresVersion } from './version.ts';

/** Starts PostgreSQL in a container, with a random password. */
export async function startPostgresContainer(): Promise<Server> {
  const password = randomBytes(16).toString('hex');
  const container = await startContainer({
    name: 'PostgreSQL',
    image: postgresImage,
    environment: {
      POSTGRES_DB: postgresName,
      POSTGRES_USER: postgresName,
      POSTGRES_PASSWORD: password,
      POSTGRES_INITDB_ARGS: initdbFlags().join(' '),
    },
    command: ['postgres', ...postgresSettings],
    port: 5432,
    ask: (host, port) => postgresVersion(postgresUrl({ host, port, password })),
  });
  return {
    url: postgresUrl({ ...container, password }),
    source: 'docker',
    description: `PostgreSQL ${container.version} from Docker (${postgresImage})`,
    stop: () => container.stop(),
    [Symbol.asyncDispose]: () => container.stop(),
  };
}
