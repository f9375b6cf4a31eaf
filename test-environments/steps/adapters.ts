import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withEncryption } from '@holdfast/core';
import { openLibsql } from '@holdfast/libsql';
import { openLocalDisk } from '@holdfast/local-disk';
import { openMemory } from '@holdfast/memory';
import { openPostgres } from '@holdfast/postgres';
import { openSqlite, type SqliteWrites } from '@holdfast/sqlite';
import { createClient } from '@libsql/client';
import Database from 'better-sqlite3';
import pg from 'pg';
import type { Adapter, Store } from './adapter.ts';

const body = new TextEncoder().encode('x');

/** Where nobody listens, and no `fetch` refuses to ask. */
const NOWHERE = { host: '127.0.0.1', port: 2 };

/** Every adapter, libSQL in a file and on a server, and one under encryption, which has bytes of Node's own. */
export const ADAPTERS: readonly Adapter[] = [
  { name: 'memory', makeStore: async () => inMemory() },
  { name: 'SQLite', makeStore: async () => inSqlite(await scratch(), 'event-loop') },
  { name: 'SQLite with a thread', makeStore: async () => inSqlite(await scratch(), 'thread') },
  { name: 'libSQL in a file', makeStore: async () => inLibsqlFile(await scratch()) },
  { name: 'libSQL on a server', makeStore: async () => onLibsqlServer('http') },
  { name: 'libSQL over a WebSocket', makeStore: async () => onLibsqlServer('ws') },
  { name: 'PostgreSQL', makeStore: async () => onPostgres() },
  { name: 'local disk', makeStore: async () => onLocalDisk(await scratch()) },
];

function inMemory(): Store {
  const store = withEncryption(openMemory(), { currentKey: 'a', keys: { a: new Uint8Array(32) } });
  return { open: async () => store, refusals: async () => [], destroy: async () => {} };
}

function inSqlite(directory: string, writes: SqliteWrites): Store {
  const file = join(directory, 'store.db');
  const closes: (() => unknown)[] = [];
  return {
    open: () => unwarned(() => openSqlite({ file, writes, busyTimeoutMs: 20 })),
    async refusals(filesystem) {
      const other = new Database(file);
      closes.push(() => other.close());
      other.exec('begin immediate');
      return [{ call: () => filesystem.put('/busy', { body }, 'any'), as: 'BUSY not-applied' }];
    },
    async destroy() {
      for (const close of closes) close();
      await remove(directory);
    },
  };
}

/** Opens a store, and fails if the process is warned meanwhile: of a thread that it could not have. */
async function unwarned<T>(open: () => Promise<T>): Promise<T> {
  const { emitWarning } = process;
  const warnings: unknown[] = [];
  process.emitWarning = (warning: string | Error) => void warnings.push(warning);
  try {
    const opened = await open();
    if (warnings.length > 0) throw new Error(`warned of: ${String(warnings[0])}`);
    return opened;
  } finally {
    process.emitWarning = emitWarning;
  }
}

function inLibsqlFile(directory: string): Store {
  const url = pathToFileURL(join(directory, 'store.db')).href;
  const closes: (() => unknown)[] = [];
  return {
    open: () => openLibsql({ config: { url }, busyTimeoutMs: 20 }),
    async refusals(filesystem) {
      const other = createClient({ url });
      const transaction = await other.transaction('write');
      closes.push(() => (transaction.close(), other.close()));
      return [{ call: () => filesystem.put('/busy', { body }, 'any'), as: 'BUSY not-applied' }];
    },
    async destroy() {
      for (const close of closes) close();
      await remove(directory);
    },
  };
}

function onLibsqlServer(protocol: 'http' | 'ws'): Store {
  const config = {
    url: environment('HOLDFAST_LIBSQL_URL').replace(/^http/, protocol),
    authToken: process.env['HOLDFAST_LIBSQL_AUTH_TOKEN'] ?? '',
  };
  const tablePrefix = `${random()}_`;
  const drop = async (): Promise<void> => {
    const client = createClient(config);
    const tables = ['entries', 'migration', 'migration_lock'].map(
      (name) => `drop table if exists ${tablePrefix}${name}`,
    );
    await client.batch(tables, 'write').finally(() => client.close());
  };
  return {
    open: () => openLibsql({ config, tablePrefix }),
    async refusals(filesystem) {
      await drop();
      return [
        { call: () => filesystem.put('/gone', { body }, 'any'), as: 'SCHEMA_UNSUPPORTED not-applied' },
        {
          call: () => openLibsql({ config: { url: `${protocol}://${NOWHERE.host}:${NOWHERE.port}` } }),
          as: 'UNAVAILABLE',
        },
      ];
    },
    destroy: drop,
  };
}

function onPostgres(): Store {
  const config = { connectionString: environment('HOLDFAST_POSTGRES_URL') };
  const schema = random();
  const drop = async (): Promise<void> => {
    const client = new pg.Client(config);
    await client.connect();
    try {
      await client.query(`drop schema if exists ${schema} cascade`);
    } finally {
      await client.end();
    }
  };
  return {
    open: () => openPostgres({ config, schema }),
    async refusals(filesystem) {
      await drop();
      return [
        { call: () => filesystem.put('/gone', { body }, 'any'), as: 'SCHEMA_UNSUPPORTED not-applied' },
        { call: () => openPostgres({ config: NOWHERE }), as: 'UNAVAILABLE' },
      ];
    },
    destroy: drop,
  };
}

function onLocalDisk(root: string): Store {
  return {
    open: () => openLocalDisk({ root }),
    async refusals(filesystem) {
      await filesystem.put('/file', { body }, 'any');
      return [{ call: () => filesystem.put('/file/below', { body }, 'any'), as: 'PATH_CONFLICT not-applied' }];
    },
    destroy: () => remove(root),
  };
}

function scratch(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'holdfast-environments-'));
}

function remove(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true });
}

function random(): string {
  return `environments_${randomBytes(6).toString('hex')}`;
}

function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set; run \`npm run test:environments\``);
  return value;
}
