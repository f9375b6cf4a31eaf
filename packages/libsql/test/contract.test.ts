import { defineContract, type Harness } from '@holdfast/contract';
import { describe, it } from 'vitest';
import { openLibsql } from '../src/index.ts';
import { makeTables, serverConfig } from './support/server.ts';

// A file, a server over HTTP and an embedded replica are in `test-matrix`.

/** A private database in memory for each store. */
const inMemory: Harness = {
  name: 'libsql (in memory)',
  createStore: async () => ({
    open: () => openLibsql({ config: { url: ':memory:' } }),
    destroy: async () => {},
  }),
};

/** Tables of their own on a server, over WebSockets. */
const webSocket: Harness = {
  name: 'libsql (server, WebSocket)',
  async createStore() {
    const tables = makeTables();
    const options = { config: serverConfig('ws'), tablePrefix: tables.tablePrefix };
    return {
      open: () => openLibsql(options),
      child: { module: new URL('children/open-store.ts', import.meta.url).href, input: options },
      destroy: async () => tables[Symbol.asyncDispose](),
    };
  },
};

for (const harness of [inMemory, webSocket]) defineContract(harness, { describe, it }, { effort: 'quick' });
