import { denoKv } from '../peers/deno-kv.ts';
import { kyselyPostgres, kyselySqlite } from '../peers/kysely.ts';
import { lmdb } from '../peers/lmdb.ts';
import { postgresJs } from '../peers/postgres-js.ts';
import type { Group } from '../run/benchmark.ts';
import { postgresCounters, sqliteCounters } from './update-groups.ts';
import { updates } from './updates.ts';

const writers = 64;
const inFile = { writers, ours: sqliteCounters };
const onPostgres = { writers, server: 'postgres', ours: postgresCounters } as const;

/** The same read-modify-writes, beside other libraries that do something like compare-and-swap. */
export const PEER_GROUP: Group = {
  title: 'Other libraries: updates a second of 64 writers, beside ours in a SQLite file or in PostgreSQL',
  benchmarks: [
    updates({ id: 'peer-denokv-sqlite-64', ...inFile, peer: (_servers, counters) => denoKv(counters) }),
    updates({ id: 'peer-lmdb-64', ...inFile, peer: (_servers, counters) => lmdb(counters) }),
    updates({ id: 'peer-kysely-sqlite-64', ...inFile, peer: (_servers, counters) => kyselySqlite(counters) }),
    updates({
      id: 'peer-kysely-postgres-64',
      ...onPostgres,
      peer: (servers, counters) => kyselyPostgres(servers.postgresUrl(), counters),
    }),
    updates({
      id: 'peer-postgresjs-64',
      ...onPostgres,
      peer: (servers, counters) => postgresJs(servers.postgresUrl(), counters),
    }),
  ],
};
