import { randomBytes } from 'node:crypto';
import type { RootFilesystem } from '@holdfast/core';
import type { BaseFilesystem } from '@holdfast/core/adapter';
import { openLibsql } from '@holdfast/libsql';
import { openPostgres } from '@holdfast/postgres';
import {
  startLibsqlServer,
  startPostgres,
  type LibsqlServer,
  type Restartable,
  type Server,
} from '@holdfast/test-servers';
import { createClient } from '@libsql/client';
import pg from 'pg';

/** A filesystem on a server that tests go on with, and lose connections to. */
export type Store = RootFilesystem & BaseFilesystem & AsyncDisposable;

/** Where entries are that one test makes on a server. */
export interface Place {
  /** Opens a filesystem there; `through` changes the URL of the server. */
  open(through?: (url: string) => string): Promise<Store>;
  /** Removes what is there. */
  remove(): Promise<void>;
}

/** A server and the protocol by which it is asked. */
export interface WireBackend {
  readonly name: string;
  /** The URL of the server of this run. */
  readonly url: () => string;
  /** Starts a server of its own, that may be killed and halted. */
  readonly start: () => Promise<(Server | LibsqlServer) & Restartable>;
  /** A new place on a server; that of this run, unless another is given. */
  readonly place: (server?: { readonly url: string; readonly authToken?: string | undefined }) => Place;
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the tests with \`npm test\``);
  return value;
}

const newName = (): string => `faults_${randomBytes(6).toString('hex')}`;

const postgresWire: WireBackend = {
  name: 'PostgreSQL',
  url: () => variable('HOLDFAST_POSTGRES_URL'),
  start: () => startPostgres({ only: 'binary' }),
  place({ url } = { url: postgresWire.url() }) {
    const schema = newName();
    return {
      open: async (through = (same) => same) =>
        (await openPostgres({ config: { connectionString: through(url) }, schema })) as unknown as Store,
      async remove() {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        await client.query(`drop schema if exists ${schema} cascade`);
        await client.end();
      },
    };
  },
};

function libsqlWire(name: string, protocol: 'http' | 'ws'): WireBackend {
  const backend: WireBackend = {
    name,
    url: () => variable('HOLDFAST_LIBSQL_URL'),
    start: () => startLibsqlServer({ only: 'binary' }),
    place(server) {
      const { url, authToken } = server ?? { url: backend.url(), authToken: process.env['HOLDFAST_LIBSQL_AUTH_TOKEN'] };
      const tablePrefix = `${newName()}_`;
      const token = authToken === undefined ? {} : { authToken };
      return {
        open: async (through = (same) => same) =>
          (await openLibsql({
            config: { url: through(url).replace(/^http/, protocol), ...token },
            tablePrefix,
          })) as unknown as Store,
        async remove() {
          const client = createClient({ url, ...token });
          const tables = ['entries', 'migration', 'migration_lock'].map((table) => `${tablePrefix}${table}`);
          await client.batch(
            tables.map((table) => `drop table if exists "${table}"`),
            'write',
          );
          client.close();
        },
      };
    },
  };
  return backend;
}

const libsqlHttp: WireBackend = libsqlWire('libSQL (HTTP)', 'http');
const libsqlWebSocket: WireBackend = libsqlWire('libSQL (WebSocket)', 'ws');

/** The servers and protocols that adapters speak over a network. */
export const WIRE_BACKENDS: readonly WireBackend[] = [postgresWire, libsqlHttp, libsqlWebSocket];
