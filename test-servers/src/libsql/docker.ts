import { startContainer } from '../docker/container.ts';
import { libsqlImage } from '../docker/images.ts';
import type { LibsqlServer } from '../server.ts';
import { makeLibsqlKey } from './key.ts';
import { libsqlSettings } from './settings.ts';
import { libsqlVersion } from './version.ts';

/** Starts a libSQL server in a container, with a key of its own. */
export async function startLibsqlContainer(): Promise<LibsqlServer> {
  const { publicKey, authToken } = makeLibsqlKey();
  const container = await startContainer({
    name: 'The libSQL server',
    image: libsqlImage,
    environment: { SQLD_NODE: 'primary', SQLD_AUTH_JWT_KEY: publicKey, ...libsqlSettings },
    port: 8080,
    ask: (host, port) => libsqlVersion(`http://${host}:${port}`, authToken),
  });
  return {
    url: `http://${container.host}:${container.port}`,
    authToken,
    source: 'docker',
    description: `libSQL server ${container.version} from Docker (${libsqlImage})`,
    stop: () => container.stop(),
    [Symbol.asyncDispose]: () => container.stop(),
  };
}
