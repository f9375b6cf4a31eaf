import { randomUUID } from 'node:crypto';
import { createClient, type Client } from '@libsql/client';
import type { LibsqlConfig } from '../../src/index.ts';

/** The server that the tests run on, from the environment. A missing server is a failure. */
export function serverConfig(protocol: 'http' | 'ws' = 'http'): LibsqlConfig {
  const url = process.env['HOLDFAST_LIBSQL_URL'];
  if (url === undefined) throw new Error('HOLDFAST_LIBSQL_URL is not set');
  const authToken = process.env['HOLDFAST_LIBSQL_AUTH_TOKEN'];
  const spoken = protocol === 'ws' ? url.replace(/^libsql:/i, 'https:').replace(/^http/i, 'ws') : url;
  return { url: spoken, ...(authToken === undefined ? {} : { authToken }) };
}

/** A client of the driver that no adapter knows of. */
export function rawClient({ url, authToken }: LibsqlConfig = serverConfig()): Client {
  return createClient({ url, ...(authToken === undefined ? {} : { authToken }) });
}

/** Tables of their own on the server, dropped when disposed of. */
export interface ServerTables extends AsyncDisposable {
  readonly tablePrefix: string;
  readonly options: { readonly tablePrefix: string };
}

export function makeTables(): ServerTables {
  const tablePrefix = `t${randomUUID().replaceAll('-', '')}_`;
  return {
    tablePrefix,
    options: { tablePrefix },
    async [Symbol.asyncDispose]() {
      const client = rawClient();
      const names = ['entries', 'migration', 'migration_lock'];
      await client.batch(
        names.map((name) => `drop table if exists "${tablePrefix}${name}"`),
        'write',
      );
      client.close();
    },
  };
}
