import { randomBytes } from 'node:crypto';
import { createClient } from '@libsql/client';
import { Client } from 'pg';
import type { StoreAt } from '../load/open-store.ts';
import type { KilledBackend } from './killed-backend.ts';

const TABLES = ['entries', 'migration', 'migration_lock'];

const newPrefix = (): string => `killed_${randomBytes(6).toString('hex')}_`;

/** A PostgreSQL server, with tables of their own for each store. */
export const postgres: KilledBackend = {
  endsWithProcess: false,
  onDisk: false,
  async makeStores() {
    const options = { config: { connectionString: postgresUrl() }, tablePrefix: newPrefix() };
    return [{ adapter: 'postgres', options }];
  },
  async remove({ options }) {
    const client = new Client({ connectionString: postgresUrl() });
    await client.connect();
    for (const table of TABLES) await client.query(`drop table if exists "${options.tablePrefix}${table}"`);
    await client.end();
  },
};

/** A libSQL server over HTTP or WebSockets, with tables of their own for each store. */
export function libsql(protocol: 'http' | 'ws'): KilledBackend {
  return {
    endsWithProcess: false,
    onDisk: false,
    async makeStores(): Promise<[StoreAt]> {
      return [{ adapter: 'libsql', options: { config: libsqlConfig(protocol), tablePrefix: newPrefix() } }];
    },
    async remove({ options }) {
      const client = createClient(libsqlConfig('http'));
      await client.batch(TABLES.map((table) => `drop table if exists "${options.tablePrefix}${table}"`));
      client.close();
    },
  };
}

function postgresUrl(): string {
  return set('HOLDFAST_POSTGRES_URL');
}

function libsqlConfig(protocol: 'http' | 'ws') {
  const url = set('HOLDFAST_LIBSQL_URL');
  const authToken = process.env['HOLDFAST_LIBSQL_AUTH_TOKEN'];
  const spoken = protocol === 'ws' ? url.replace(/^libsql:/i, 'https:').replace(/^http/i, 'ws') : url;
  return { url: spoken, ...(authToken === undefined ? {} : { authToken }) };
}

/** A missing server is a failure. */
function set(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}
