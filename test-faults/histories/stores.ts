import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createClient } from '@libsql/client';
import { makeScratchDirectory } from '@holdfast/test-support';
import pg from 'pg';
import type { StorePlace } from './open-store.ts';

/** A store of a test, removed with all that is in it when disposed of. */
interface Store extends AsyncDisposable {
  readonly place: StorePlace;
  /** The same where its server is behind a proxy, if it has one. */
  readonly through?: (proxied: (url: string) => string) => StorePlace;
  /** The URL of its server. */
  readonly server?: string;
}

/** A backend that is versioned, and how to make a store on it. */
export interface VersionedBackend {
  readonly name: string;
  /** Who else may work on a store: nobody, other instances, or other processes. */
  readonly sharing: 'instance' | 'process' | 'host';
  makeStore(): Promise<Store>;
}

const memory: VersionedBackend = {
  name: 'memory',
  sharing: 'instance',
  makeStore: async () => ({ place: { on: 'memory' }, [Symbol.asyncDispose]: async () => {} }),
};

export const sqliteFile: VersionedBackend = {
  name: 'SQLite (file)',
  sharing: 'host',
  async makeStore() {
    const scratch = await makeScratchDirectory('histories');
    const place = { on: 'sqlite', file: join(scratch.path, 'store.db') } as const;
    return { place, [Symbol.asyncDispose]: scratch.remove };
  },
};

const libsqlFile: VersionedBackend = {
  name: 'libSQL (file)',
  sharing: 'process',
  async makeStore() {
    const scratch = await makeScratchDirectory('histories');
    const url = pathToFileURL(join(scratch.path, 'store.db')).href;
    return { place: { on: 'libsql', config: { url } }, [Symbol.asyncDispose]: scratch.remove };
  },
};

export const libsqlHttp: VersionedBackend = libsqlServer('libSQL (HTTP)', 'http');

export const libsqlWebSocket: VersionedBackend = libsqlServer('libSQL (WebSocket)', 'ws');

export const postgres: VersionedBackend = {
  name: 'PostgreSQL',
  sharing: 'host',
  async makeStore() {
    const server = fromEnvironment('HOLDFAST_POSTGRES_URL');
    const schema = `histories_${randomBytes(6).toString('hex')}`;
    const at = (connectionString: string) => ({ on: 'postgres', connectionString, schema }) as const;
    return {
      place: at(server),
      through: (proxied) => at(proxied(server)),
      server,
      [Symbol.asyncDispose]: () => dropSchema(server, schema),
    };
  },
};

/** All backends that are versioned. */
export const VERSIONED: readonly VersionedBackend[] = [
  memory,
  sqliteFile,
  libsqlFile,
  libsqlHttp,
  libsqlWebSocket,
  postgres,
];

function libsqlServer(name: string, protocol: 'http' | 'ws'): VersionedBackend {
  return {
    name,
    sharing: 'host',
    async makeStore() {
      const authToken = process.env['HOLDFAST_LIBSQL_AUTH_TOKEN'];
      const given = fromEnvironment('HOLDFAST_LIBSQL_URL').replace(/^(?:libsql|wss|https):/i, 'https:');
      const url = given.replace(/^(?:ws|http)(?=s?:)/i, protocol);
      const tablePrefix = `histories_${randomBytes(6).toString('hex')}_`;
      const at = (where: string) =>
        ({ on: 'libsql', config: { url: where, ...(authToken !== undefined && { authToken }) }, tablePrefix }) as const;
      return {
        place: at(url),
        through: (proxied) => at(proxied(url)),
        server: url,
        [Symbol.asyncDispose]: () => dropTables(at(url).config, tablePrefix),
      };
    },
  };
}

function fromEnvironment(variable: string): string {
  const url = process.env[variable];
  if (url === undefined) throw new Error(`${variable} is not set`);
  return url;
}

async function dropSchema(connectionString: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(`drop schema if exists ${schema} cascade`);
  } finally {
    await client.end();
  }
}

async function dropTables(
  config: { readonly url: string; readonly authToken?: string },
  prefix: string,
): Promise<void> {
  const client = createClient(config);
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
