import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Harness } from '@holdfast/contract';
import { openLibsql, type LibsqlOptions } from '../src/index.ts';
import { makeTables, serverConfig } from './support/server.ts';

const child = new URL('children/open-store.ts', import.meta.url).href;

/** A file of its own for each store. */
export const libsqlFile: Harness = {
  name: 'libsql (file)',
  async createStore() {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-libsql-'));
    const options = { config: { url: `file:${join(directory, 'store.db')}` } };
    return {
      open: () => openLibsql(options),
      child: { module: child, input: options },
      destroy: () => rm(directory, { recursive: true, force: true }),
    };
  },
};

/** A private database in memory for each store. */
export const libsqlInMemory: Harness = {
  name: 'libsql (in memory)',
  createStore: async () => ({
    open: () => openLibsql({ config: { url: ':memory:' } }),
    destroy: async () => {},
  }),
};

/** Tables of their own on a server, over HTTP. */
export const libsqlHttp: Harness = onServer('libsql (server, http)', () => serverConfig('http'));

/** Tables of their own on a server, over WebSockets. */
export const libsqlWebSocket: Harness = onServer('libsql (server, ws)', () => serverConfig('ws'));

/** Tables of their own on a server, opened with the configuration of an embedded replica. */
export const libsqlReplica: Harness = onServer('libsql (embedded replica)', () => {
  const { url, ...rest } = serverConfig('http');
  return { ...rest, url: `file:${join(tmpdir(), 'holdfast-replica.db')}`, syncUrl: url };
});

/** Every way of opening a libSQL database. */
export const libsqlHarnesses: readonly Harness[] = [
  libsqlFile,
  libsqlInMemory,
  libsqlHttp,
  libsqlWebSocket,
  libsqlReplica,
];

function onServer(name: string, configOf: () => Extract<LibsqlOptions, { config: unknown }>['config']): Harness {
  return {
    name,
    async createStore() {
      const tables = makeTables();
      const options = { config: configOf(), tablePrefix: tables.tablePrefix };
      return {
        open: () => openLibsql(options),
        child: { module: child, input: options },
        destroy: async () => tables[Symbol.asyncDispose](),
      };
    },
  };
}
