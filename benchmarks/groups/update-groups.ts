import { ourLibsqlServer } from '../ours/libsql.ts';
import { ourPostgres } from '../ours/postgres.ts';
import { ourSqlite } from '../ours/sqlite.ts';
import { betterSqlite3 } from '../peers/better-sqlite3.ts';
import { libsqlClient } from '../peers/libsql-client.ts';
import { pgForUpdate, pgOptimistic } from '../peers/pg.ts';
import { holdfastCounters } from '../records/holdfast-counters.ts';
import type { Group } from '../run/benchmark.ts';
import { updates, type OpenSide, type Updates } from './updates.ts';

/** How many write at once in the figures that are drawn. */
export const WRITERS = [1, 4, 16, 64] as const;

/** The writers of one record. */
const HOT = { writers: 64, counters: 1 } as const;

/** Ours in a SQLite file. */
export const sqliteCounters: OpenSide = async (_servers, counters) => holdfastCounters(await ourSqlite(), counters);

/** Ours in PostgreSQL. */
export const postgresCounters: OpenSide = async (servers, counters) =>
  holdfastCounters(await ourPostgres(servers.postgresUrl()), counters);

const libsqlCounters =
  (transport: 'http' | 'ws'): OpenSide =>
  async (servers, counters) =>
    holdfastCounters(await ourLibsqlServer(servers.libsqlAddress(transport)), counters);

const handWritten: OpenSide = (_servers, counters) => betterSqlite3(counters);
const optimistic: OpenSide = (servers, counters) => pgOptimistic(servers.postgresUrl(), counters);
const locking: OpenSide = (servers, counters) => pgForUpdate(servers.postgresUrl(), counters);
const driverOver =
  (transport: 'http' | 'ws'): OpenSide =>
  (servers, counters) =>
    libsqlClient(servers.libsqlAddress(transport), counters);

const sqlite = { ours: sqliteCounters, peer: handWritten };
const postgres = { server: 'postgres', ours: postgresCounters, peer: optimistic } as const;
const libsql = { server: 'libsql', ours: libsqlCounters('http'), peer: driverOver('http') } as const;
const websocket = { server: 'libsql', ours: libsqlCounters('ws'), peer: driverOver('ws') } as const;

/** Read-modify-writes of records of 200 bytes, beside what one would write by hand on the same driver. */
export const UPDATE_GROUPS: readonly Group[] = [
  group('SQLite: updates a second, beside better-sqlite3 by hand', [
    ...forWriters('sqlite-durable', sqlite),
    { id: 'sqlite-hot-64', ...HOT, ...sqlite },
  ]),
  group('PostgreSQL: updates a second, beside pg by hand', [
    ...forWriters('postgres', postgres),
    { id: 'postgres-hot-64', ...HOT, ...postgres, peer: locking },
  ]),
  group('libSQL server over HTTP: updates a second, beside @libsql/client by hand', [
    ...forWriters('libsql-remote', libsql),
    { id: 'libsql-hot-64', ...HOT, ...libsql },
  ]),
  group('libSQL server over a WebSocket: updates a second, beside @libsql/client by hand', [
    { id: 'libsql-websocket-1', writers: 1, ...websocket },
    { id: 'libsql-websocket-64', writers: 64, ...websocket },
  ]),
];

function forWriters(name: string, sides: Omit<Updates, 'id' | 'writers'>): readonly Updates[] {
  return WRITERS.map((writers) => ({ id: `${name}-${writers}`, writers, ...sides }));
}

function group(title: string, all: readonly Updates[]): Group {
  return { title, benchmarks: all.map(updates) };
}
