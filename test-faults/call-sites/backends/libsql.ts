import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openLibsql, type LibsqlConfig } from '@holdfast/libsql';
import { makeScratchDirectory } from '@holdfast/test-support';
import { createClient, LibsqlBatchError, LibsqlError, type Client } from '@libsql/client';
import type { Calls, Failure, Failures } from '../machine/calls.ts';
import type { Store } from '../machine/stage.ts';
import { CANARY } from '../machine/trial.ts';
import { intercept } from './intercept.ts';

/** SQLite's own numbers of its result codes, which the driver hands on. */
const RAW = {
  SQLITE_BUSY: 5,
  SQLITE_NOMEM: 7,
  SQLITE_IOERR: 10,
  SQLITE_CORRUPT: 11,
  SQLITE_FULL: 13,
  SQLITE_CONSTRAINT: 19,
};
const IOERR_FSYNC = 1034;

const sqlite = (code: keyof typeof RAW, rawCode: number = RAW[code]): Failure => ({
  make: () => new LibsqlError(`${code}: it says /${CANARY}`, code, code, rawCode),
});

/** What the native part throws while it opens a file. */
const UNOPENED: Failure = {
  make: () => Object.assign(new Error(`ConnectionFailed("Unable to open /${CANARY}")`), { code: '' }),
};

const READS: Failures = {
  before: [
    sqlite('SQLITE_BUSY'),
    sqlite('SQLITE_IOERR', 266),
    sqlite('SQLITE_NOMEM'),
    sqlite('SQLITE_CORRUPT'),
    UNOPENED,
  ],
  after: [],
};
const CHANGES: Failures = {
  before: [sqlite('SQLITE_FULL'), sqlite('SQLITE_IOERR', 778), sqlite('SQLITE_NOMEM'), sqlite('SQLITE_CONSTRAINT')],
  after: [],
};
const BEGINS: Failures = {
  before: [sqlite('SQLITE_BUSY'), sqlite('SQLITE_IOERR'), UNOPENED],
  after: [sqlite('SQLITE_IOERR')],
};
const COMMITS: Failures = {
  before: [sqlite('SQLITE_BUSY'), sqlite('SQLITE_FULL'), sqlite('SQLITE_IOERR')],
  after: [sqlite('SQLITE_IOERR', IOERR_FSYNC)],
};
/** It rolls back before it gives its connection back, and that may fail. */
const ENDS: Failures = { before: [], after: [sqlite('SQLITE_IOERR')] };

type Arguments = readonly unknown[];

const sqlOf = ([sent]: Arguments): string =>
  typeof sent === 'string' ? sent : String((sent as { sql?: unknown }).sql);
const isRead = (sql: string): boolean => /^\s*(select|pragma|with)\b/i.test(sql);

/** Leads the calls to every client and transaction of files through the faults, until what it answers is called. */
async function interceptFiles(calls: Calls): Promise<() => void> {
  const client = createClient({ url: ':memory:' });
  const transaction = await client.transaction('deferred');
  const [clients, transactions] = [client, transaction].map((it) => Object.getPrototypeOf(it) as object);
  transaction.close();
  client.close();
  const restores = [
    intercept(clients, 'execute', (real, sent) =>
      calls.later(`execute ${sqlOf(sent).trim().slice(0, 12)}`, real, isRead(sqlOf(sent)) ? READS : CHANGES),
    ),
    intercept(clients, 'executeMultiple', (real, sent) => calls.later(sqlOf(sent), real, BEGINS)),
    intercept(clients, 'transaction', (real) =>
      calls.later('transaction', real, BEGINS, (made) => (made as { close(): void }).close()),
    ),
    intercept(clients, 'batch', (real) => calls.later('batch', real, CHANGES)),
    intercept(transactions, 'execute', (real, sent) =>
      calls.later(`transaction ${sqlOf(sent).trim().slice(0, 12)}`, real, isRead(sqlOf(sent)) ? READS : CHANGES),
    ),
    intercept(transactions, 'executeMultiple', (real, sent) => calls.later(sqlOf(sent), real, BEGINS)),
    intercept(transactions, 'commit', (real) => calls.later('commit', real, COMMITS)),
    intercept(transactions, 'close', (real) => calls.now('transaction close', real, ENDS)),
  ];
  return () => restores.forEach((restore) => restore());
}

/** Two instances on one file, on connections of their own. */
export async function libsqlFileStore(calls: Calls): Promise<Store> {
  const { path, remove } = await makeScratchDirectory('call-sites');
  const url = `file:${join(path, `${CANARY}.db`)}`;
  const open = () => openLibsql({ config: { url }, busyTimeoutMs: 50 });
  const instances = [await open(), await open()] as const;
  const reader = await open();
  const watcher = createClient({ url, timeout: 0 });
  const restore = await interceptFiles(calls);
  return {
    instances,
    reader,
    open,
    async leaks() {
      try {
        const transaction = await watcher.transaction('write');
        transaction.close();
        return [];
      } catch {
        return ['the write lock is held'];
      }
    },
    async close() {
      await Promise.all([...instances, reader].map((it) => it.close()));
      restore();
      watcher.close();
      await remove();
    },
  };
}

const thrown = (make: () => unknown): Failure => ({ make });
const ofServer = (status: number): Failure =>
  thrown(
    () =>
      new LibsqlError(
        `Server returned HTTP status ${status} ${CANARY}`,
        'SERVER_ERROR',
        undefined,
        undefined,
        Object.assign(new Error(CANARY), { status }),
      ),
  );
const fetchFailed = (syscall: 'connect' | 'read', code: string): Failure =>
  thrown(
    () =>
      new TypeError('fetch failed', {
        cause: Object.assign(new Error(`${syscall} ${code} ${CANARY}`), { syscall, code }),
      }),
  );
const socketFailed = (message: string): Failure =>
  thrown(() => new LibsqlError(`it was ${CANARY}`, 'HRANA_WEBSOCKET_ERROR', undefined, undefined, new Error(message)));

const REFUSALS: readonly Failure[] = [
  sqlite('SQLITE_BUSY'),
  thrown(() => new LibsqlError(`stream ${CANARY}`, 'STREAM_EXPIRED')),
  thrown(() => new LibsqlBatchError(`of ${CANARY}`, 0, 'SQLITE_CONSTRAINT', 'SQLITE_CONSTRAINT', 19)),
];
const LOST: Readonly<Record<'http' | 'ws', readonly Failure[]>> = {
  http: [fetchFailed('read', 'ECONNRESET'), ofServer(502), thrown(() => new SyntaxError(`Unexpected token ${CANARY}`))],
  ws: [
    socketFailed('read ECONNRESET'),
    thrown(() => new LibsqlError(CANARY, 'HRANA_PROTO_ERROR')),
    thrown(
      () =>
        new LibsqlError(
          CANARY,
          'HRANA_CLOSED_ERROR',
          undefined,
          undefined,
          Object.assign(new Error('WebSocket was closed'), { name: 'ClosedError' }),
        ),
    ),
  ],
};
const UNSENT: Readonly<Record<'http' | 'ws', readonly Failure[]>> = {
  http: [fetchFailed('connect', 'ECONNREFUSED'), ofServer(429), ofServer(401)],
  ws: [socketFailed('connect ECONNREFUSED 127.0.0.1:1')],
};

/** Two instances on tables of their own on the server. */
export async function libsqlServerStore(calls: Calls, protocol: 'http' | 'ws'): Promise<Store> {
  const given = process.env['HOLDFAST_LIBSQL_URL'];
  if (given === undefined) throw new Error('HOLDFAST_LIBSQL_URL is not set: run the tests with `npm test`');
  const authToken = process.env['HOLDFAST_LIBSQL_AUTH_TOKEN'];
  const url = protocol === 'http' ? given : given.replace(/^libsql:/i, 'https:').replace(/^http/i, 'ws');
  const config: LibsqlConfig = { url, ...(authToken ? { authToken } : {}) };
  const tablePrefix = `t${randomUUID().replaceAll('-', '')}_`;
  const open = () => openLibsql({ config, tablePrefix, busyTimeoutMs: 2000 });
  const instances = [await open(), await open()] as const;
  const reader = await open();
  const raw: Client = createClient({ ...config, authToken: authToken ?? '' } as Parameters<typeof createClient>[0]);
  const prototype = Object.getPrototypeOf(raw) as object;
  const failures: Failures = { before: [...UNSENT[protocol], ...REFUSALS, ...LOST[protocol]], after: LOST[protocol] };
  const restores = (['execute', 'batch'] as const).map((name) =>
    intercept(prototype, name, (real) => calls.later(name, real, failures)),
  );
  return {
    instances,
    reader,
    open,
    leaks: async () => [],
    async close() {
      await Promise.all([...instances, reader].map((it) => it.close()));
      for (const restore of restores) restore();
      const names = ['entries', 'migration', 'migration_lock'];
      await raw.batch(
        names.map((name) => `drop table if exists "${tablePrefix}${name}"`),
        'write',
      );
      raw.close();
    },
  };
}
