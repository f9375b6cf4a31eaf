import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createClient } from '@libsql/client';
import type { ContractStore } from '@holdfast/contract';
import { openLibsql, type LibsqlConfig } from '@holdfast/libsql';
import { makeScratchDirectory } from '@holdfast/test-support';
import type { Backend } from './backend.ts';

const child = new URL('children/open-libsql.ts', import.meta.url).href;

/** libSQL in a file: each store is a file of its own. */
export const libsqlFile: Backend = {
  id: 'libsql-file',
  name: 'libSQL (file)',
  server: undefined,
  harness: {
    name: 'libSQL (file)',
    async createStore() {
      const scratch = await makeScratchDirectory('matrix');
      const options = { config: { url: pathToFileURL(join(scratch.path, 'store.db')).href } };
      return {
        open: () => openLibsql(options),
        child: { module: child, input: options },
        destroy: scratch.remove,
      };
    },
  },
};

/** libSQL on a server, over a WebSocket: each store is tables of its own. */
export const libsqlRemote: Backend = {
  id: 'libsql-remote',
  name: 'libSQL (server)',
  server: 'libsql',
  harness: {
    name: 'libSQL (server)',
    createStore: async () => onServer(overWebSocket(serverConfig()), async () => {}),
  },
};

/** libSQL on a server, opened as an embedded replica, over HTTP (or what the URL in the environment says). */
export const libsqlReplica: Backend = {
  id: 'libsql-replica',
  name: 'libSQL (embedded replica)',
  server: 'libsql',
  // Its configuration opens the server: see docs/decisions.md.
  harness: {
    name: 'libSQL (embedded replica)',
    async createStore() {
      const scratch = await makeScratchDirectory('matrix');
      const { url: syncUrl, ...rest } = serverConfig();
      const url = pathToFileURL(join(scratch.path, 'replica.db')).href;
      return onServer({ ...rest, url, syncUrl }, scratch.remove);
    },
  },
};

function serverConfig(): LibsqlConfig {
  const url = process.env['HOLDFAST_LIBSQL_URL'];
  if (url === undefined) throw new Error('HOLDFAST_LIBSQL_URL is not set');
  const authToken = process.env['HOLDFAST_LIBSQL_AUTH_TOKEN'];
  return authToken === undefined ? { url } : { url, authToken };
}

/** The driver takes `libsql:` for HTTP, with TLS. */
function overWebSocket(config: LibsqlConfig): LibsqlConfig {
  return { ...config, url: config.url.replace(/^libsql:/i, 'https:').replace(/^http/i, 'ws') };
}

function onServer(config: LibsqlConfig, removeFiles: () => Promise<void>): ContractStore {
  const options = { config, tablePrefix: `matrix_${randomBytes(6).toString('hex')}_` };
  return {
    open: () => openLibsql(options),
    child: { module: child, input: options },
    async destroy() {
      await dropTables(options.tablePrefix);
      await removeFiles();
    },
  };
}

async function dropTables(prefix: string): Promise<void> {
  const { url, authToken } = serverConfig();
  const client = createClient(authToken === undefined ? { url } : { url, authToken });
  try {
    const names = ['entries', 'migration', 'migration_lock'];
    await client.batch(
      names.map((name) => `drop table if exists "${prefix}${name}"`),
      'write',
    );
  } finally {
    client.close();
  }
}
