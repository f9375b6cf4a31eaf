import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { SATURATION_CHANNEL } from '@holdfast/core';
import { startChild } from '@holdfast/test-support';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openPostgres } from '../src/index.ts';
import { startProxy } from './support/proxy.ts';
import { refusal, rejection } from './support/rejection.ts';
import { lockRow, lockTable } from './support/row-lock.ts';
import { killConnections, makeScratchSchema, runSql } from './support/scratch-schema.ts';

const closeStore = new URL('children/close-store.ts', import.meta.url);
const entry = { body: new Uint8Array([1]) };

/** A pool as a user would make it, and its backends' process ids. */
function makePool(options: pg.PoolConfig & { readonly connectionString: string }) {
  const pool = new pg.Pool(options);
  return { pool, [Symbol.asyncDispose]: () => pool.end() };
}

async function countConnections(name: string): Promise<number> {
  const { connectionString } = makeScratchSchema();
  const text = `select pid from pg_stat_activity where application_name = '${name}'`;
  return (await runSql(connectionString, text)).length;
}

async function backendPid(pool: pg.Pool): Promise<unknown> {
  return (await pool.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;
}

test.each(['own', 'supplied'])(
  'idle connections that the server closes end neither the process nor the store (%s pool)',
  async (kind) => {
    await using scratch = makeScratchSchema();
    const { connectionString, schema, name } = scratch;
    const config = { connectionString, application_name: name };
    const pool = new pg.Pool(config);
    const store = await openPostgres(kind === 'own' ? { config, schema } : { pool, schema });
    await Promise.all([1, 2, 3].map((number) => store.put(`/${number}`, entry, 'any')));
    expect(await killConnections(name)).toBeGreaterThan(0);
    // Once the server has none left, their errors have arrived: without a listener they would end the process.
    await expect.poll(() => killConnections(name)).toBe(0);
    expect(await store.get('/1')).toBeDefined();
    await store.put('/1', entry, 'any');
    await store.close();
    await pool.end();
  },
);

test('a connection that breaks while it is being closed ends no process either', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const clients: pg.Client[] = [];
  class Client extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config);
      clients.push(this);
    }
  }
  const store = await openPostgres({ config: { connectionString, Client }, schema });
  await store.put('/a', entry, 'absent');
  await store.close();
  // The pool tells that it has ended before its connections have. Emitting throws if nobody listens to it.
  expect(clients).toHaveLength(1);
  for (const client of clients) client.emit('error', new Error('terminated by the server'));
});

test.each([
  ['10 by default', {}, 10],
  ['10 where it says nothing', { max: undefined }, 10],
  ['as many as it says', { max: 2 }, 2],
])('a pool of our own has a number of connections: %s', async (_, size, connections) => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema, name } = scratch;
  const config = { connectionString, application_name: name, ...size };
  await using store = await openPostgres({ config, schema });
  await store.put('/a', entry, 'absent');
  await using lock = await lockTable(schema);
  // Each connection waits for the table with one, and the others for a connection.
  const lists = Array.from({ length: 15 }, () => store.list('/'));
  await expect.poll(() => countConnections(name), { timeout: 10_000 }).toBe(connections);
  await lock.release();
  await Promise.all(lists);
  expect(await countConnections(name)).toBe(connections);
});

test('what is undefined in the configuration leaves our defaults as they are', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema, name } = scratch;
  const made: pg.ClientConfig[] = [];
  class Client extends pg.Client {
    constructor(config: pg.ClientConfig = {}) {
      super(config);
      made.push(config);
    }
  }
  const nothing = { connectionTimeoutMillis: undefined, keepAlive: undefined, keepAliveInitialDelayMillis: undefined };
  const config = { connectionString, application_name: name, Client, ...nothing };
  await using _store = await openPostgres({ config, schema, checkoutTimeoutMs: 7000 });
  const defaults = { connectionTimeoutMillis: 7000, keepAlive: true, keepAliveInitialDelayMillis: 10_000 };
  expect(made).toEqual([expect.objectContaining(defaults)]);
});

test('a supplied pool is left open, and without the listener that was added to it', async () => {
  await using scratch = makeScratchSchema();
  await using made = makePool({ connectionString: scratch.connectionString });
  const { pool } = made;
  const store = await openPostgres({ pool, schema: scratch.schema });
  const listeners = () => ['error', 'acquire', 'release'].map((event) => pool.listenerCount(event));
  expect(listeners()).toEqual([1, 1, 1]);
  const other = await openPostgres({ pool, schema: scratch.schema, tablePrefix: 'other_' });
  expect(listeners()).toEqual([1, 1, 1]);
  await other.close();
  expect(listeners()).toEqual([1, 1, 1]);
  await store.put('/a', entry, 'absent');
  await store.close();
  expect(listeners()).toEqual([0, 0, 0]);
  expect((await pool.query('select 1')).rowCount).toBe(1);
  expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
});

test('a call waits for a connection no longer than its own deadline, or checkoutTimeoutMs, or its signal', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  await using made = makePool({ connectionString, max: 1 });
  const { pool } = made;
  await using store = await openPostgres({ pool, schema, checkoutTimeoutMs: 200 });
  const taken = await pool.connect();
  expect(await refusal(store.put('/a', entry, 'absent', { timeoutMs: 50 }))).toBe('TIMEOUT not-applied');
  expect(await refusal(store.put('/a', entry, 'absent', { signal: AbortSignal.timeout(50) }))).toBe(
    'ABORTED not-applied',
  );
  expect(await refusal(store.get('/a', { timeoutMs: 50 }))).toBe('TIMEOUT');
  const error = await rejection(store.put('/a', entry, 'absent'));
  expect(error).toMatchObject({ code: 'BUSY', outcome: 'not-applied', retryable: true });
  expect(error.message).toContain('connections of the pool');
  taken.release();
  // Those who gave up left nothing behind: neither a connection that nobody returns, nor a write.
  expect(await store.get('/a')).toBeUndefined();
  expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([1, 1, 0]);
});

test('a connection that came back to the pool in the middle of a transaction is not written on', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  await using made = makePool({ connectionString, max: 1 });
  const { pool } = made;
  await using store = await openPostgres({ pool, schema });
  for (const poison of ['begin', 'begin; select 1/0']) {
    const poisoned = await pool.connect();
    await poisoned.query(poison).catch(() => {});
    poisoned.release();
    // What the driver hears too late is noticed by the answer: then nothing is promised, and the next write is fine.
    await store.put('/a', entry, 'any').catch((error: unknown) => {
      expect(error).toMatchObject({ operation: 'put' });
      return store.put('/a', entry, 'any');
    });
    const committed = await runSql(connectionString, `select version from ${schema}.holdfast_entries`);
    expect(committed).toEqual([{ version: (await store.get('/a'))?.version }]);
  }
});

test('a call that was given up while its statement ran gives no half-used connection back', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  await using made = makePool({ connectionString, max: 1 });
  const { pool } = made;
  await using store = await openPostgres({ pool, schema });
  await store.put('/a', entry, 'absent');
  const pid = await backendPid(pool);
  await using lock = await lockRow(schema, '/a');
  const abort = new AbortController();
  const writing = refusal(store.put('/a', { body: new Uint8Array([2]) }, 'any', { signal: abort.signal }));
  await lock.waitedForBy(1);
  abort.abort();
  expect(await writing).toBe('ABORTED unknown');
  // The pool has room for one: had the connection stayed out, or come back as it was, this would hang or go wrong.
  expect(await backendPid(pool)).not.toBe(pid);
  expect((await store.get('/a'))?.body).toEqual(entry.body);
});

test('a reply that comes within the grace after a deadline is the answer, and the connection stays', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  await using made = makePool({ connectionString, max: 2 });
  const { pool } = made;
  await using store = await openPostgres({ pool, schema });
  await store.put('/a', entry, 'absent');
  await using lock = await lockRow(schema, '/a');
  const abort = new AbortController();
  const writing = store.put('/a', { body: new Uint8Array([2]) }, 'any', { signal: abort.signal });
  await lock.waitedForBy(1);
  abort.abort();
  await lock.release();
  const { version } = await writing;
  expect((await store.get('/a'))?.version).toBe(version);
});

test('closing ends statements that hang, and a pool of ours with them', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema, name } = scratch;
  const store = await openPostgres({ config: { connectionString, application_name: name }, schema });
  await store.put('/a', entry, 'absent');
  await using lock = await lockRow(schema, '/a');
  const writing = refusal(store.put('/a', entry, 'any'));
  await lock.waitedForBy(1);
  await store.close();
  expect(await writing).toBe('OUTCOME_UNKNOWN unknown');
  await lock.release();
  await expect.poll(() => killConnections(name)).toBe(0);
});

test('a server that is silent keeps no process alive: neither by a store that is closed, nor by one that nobody uses', async () => {
  await using scratch = makeScratchSchema();
  await using proxy = await startProxy();
  await using child = await startChild(closeStore, proxy.connectionString, scratch.schema);
  expect(await child.tell()).toBe('written');
  proxy.hang();
  const began = performance.now();
  // It says nothing more.
  await expect(child.tell()).rejects.toThrow('the child ended with 0');
  // What `close` promises, and what a process that is done may take then.
  expect(performance.now() - began).toBeLessThan(5000);
});

test('prepared statements are named by their text, and can be turned off', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  await using made = makePool({ connectionString, max: 1 });
  const { pool } = made;
  const prepared = async (): Promise<string[]> =>
    (await pool.query('select name from pg_prepared_statements order by name')).rows.map(({ name }) => String(name));
  await using plain = await openPostgres({ pool, schema, preparedStatements: false });
  await plain.put('/a', entry, 'any');
  await plain.get('/a');
  expect(await prepared()).toEqual([]);
  // Two stores with tables of different names, on one connection.
  await using store = await openPostgres({ pool, schema });
  await using other = await openPostgres({ pool, schema, tablePrefix: 'other_' });
  for (let round = 0; round < 3; round += 1) {
    await store.get('/a');
    expect(await other.get('/a')).toBeUndefined();
  }
  expect(await prepared()).toHaveLength(2);
  expect((await prepared()).every((name) => /^holdfast_get_[0-9a-f]{16}$/.test(name))).toBe(true);
});

test('a connection whose prepared statements are gone is replaced, and nothing was applied', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  await using made = makePool({ connectionString, max: 1 });
  const { pool } = made;
  await using store = await openPostgres({ pool, schema });
  await store.put('/a', entry, 'any');
  await pool.query('discard all');
  const error = await rejection(store.put('/a', entry, 'any'));
  expect(error).toMatchObject({ outcome: 'not-applied' });
  expect(error.message).toContain('preparedStatements: false');
  await store.put('/a', entry, 'any');
});

test('a connection whose prepared plans no longer fit the table is replaced', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  await using made = makePool({ connectionString, max: 1 });
  const { pool } = made;
  await using store = await openPostgres({ pool, schema });
  await store.put('/a', entry, 'any');
  await store.get('/a');
  const pid = await backendPid(pool);
  await runSql(connectionString, `alter table ${schema}.holdfast_entries alter content_type type varchar collate "C"`);
  expect(await refusal(store.get('/a'))).toBe('BACKEND_FAILED');
  expect(await backendPid(pool)).not.toBe(pid);
  expect(await store.get('/a')).toBeDefined();
});

/** Replaces the driver's parsers for the whole process. */
function replaceParsers(): Disposable {
  const types = Object.values(pg.types.builtins);
  const before = types.map((type) => pg.types.getTypeParser(type) as (text: string) => unknown);
  for (const type of types) pg.types.setTypeParser(type, () => 'replaced');
  return {
    [Symbol.dispose]: () =>
      types.forEach((type, index) => pg.types.setTypeParser(type, before[index] as (text: string) => unknown)),
  };
}

test("the driver's parsers may be replaced, for the whole process and for a pool", async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const body = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const types = { getTypeParser: () => () => 'replaced' };
  using _replaced = replaceParsers();
  for (const config of [{ connectionString }, { connectionString, types }]) {
    const tablePrefix = 'types' in config ? 'pool_' : 'process_';
    await using store = await openPostgres({ config, schema, tablePrefix });
    await store.put('/a/b', { body, indexed: { number: 1.5 }, kind: 'k' }, 'any');
    expect(await store.get('/a/b')).toMatchObject({ body, indexed: { number: 1.5 }, kind: 'k' });
    expect((await store.list('/')).children).toEqual([{ name: 'a', isEntry: false, isPrefix: true }]);
    await using _again = await openPostgres({ config, schema, tablePrefix, migrate: 'verify' });
  }
});

test('options that make no sense are refused before anything is connected to', async () => {
  const nonsense: unknown[] = [
    undefined,
    null,
    {},
    { config: 'postgres://localhost/x' },
    { config: null },
    { pool: {} },
    { pool: new pg.Client() },
    { pool: new pg.Pool(), config: {} },
    { config: {}, schema: 'a"b' },
    { config: {}, schema: '' },
    { config: {}, schema: 'pg_x' },
    { config: {}, schema: 'information_schema' },
    { config: {}, tablePrefix: 'x'.repeat(60) },
    { config: {}, tablePrefix: 'pg_mine' },
    { config: {}, migrate: 'yes' },
    { config: {}, maxBodyBytes: 0 },
    { config: {}, maxBodyBytes: 2 ** 30 },
    { config: {}, checkoutTimeoutMs: 0 },
    { config: {}, preparedStatements: 'no' },
    { config: {}, unknown: 1 },
    { config: [] },
    { config: { connectionString: 'postgres://[' } },
    { config: { connectionString: 5 } },
    { config: { host: 5 } },
    ...[70_000, -1, 'x'].map((port) => ({ config: { port } })),
    { pool: new pg.Pool({ port: 70_000 }) },
    { config: { pipeline: true } },
    { config: { binary: true } },
    ...[0, -1, 1.5, '5', 'many', 5n, Number.NaN, Infinity].map((max) => ({ config: { max } })),
    { pool: new pg.Pool({ max: -1 }) },
    { pool: new pg.Pool({ pipeline: true }) },
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('secret');
        },
        ownKeys: () => ['config'],
      },
    ),
  ];
  for (const options of nonsense) {
    const error = await rejection(openPostgres(options as Parameters<typeof openPostgres>[0]));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'open' });
  }
});

test.each(['own', 'supplied'])(
  "binary answers are refused where the driver's defaults have them (%s pool)",
  async (kind) => {
    await using scratch = makeScratchSchema();
    const { connectionString, schema } = scratch;
    await using made = makePool({ connectionString });
    const { defaults } = pg as { readonly defaults: { binary?: boolean | undefined } };
    defaults.binary = true;
    try {
      const source = kind === 'own' ? { config: { connectionString } } : { pool: made.pool };
      const error = await rejection(openPostgres({ ...source, schema }));
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'open' });
      expect(error.message).toContain('binary');
    } finally {
      defaults.binary = false;
    }
  },
);

/** A driver's client that is refused when it asks the server to look whether we are still there. */
function refusedClient(refused: (asked: number) => string | undefined): { Client: typeof pg.Client; asked: number } {
  const made = {
    asked: 0,
    Client: class extends pg.Client {
      constructor(config?: pg.ClientConfig) {
        super(config);
        const query = this.query.bind(this);
        const replaced = (sent: pg.QueryConfig): Promise<unknown> => {
          if (!sent.text.includes('client_connection_check_interval')) return query(sent);
          made.asked += 1;
          const state = refused(made.asked);
          return state === undefined ? query(sent) : query(`do $$ begin raise sqlstate '${state}'; end $$`);
        };
        Object.assign(this, { query: replaced });
      }
    },
  };
  return made;
}

test('a server that cannot look whether we are still there keeps its connections', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const refused = refusedClient(() => '0A000');
  await using store = await openPostgres({ config: { connectionString, Client: refused.Client }, schema });
  for (let write = 0; write < 10; write += 1) await store.put('/a', entry, 'any');
  expect(refused.asked).toBe(1);
});

test('a server that fails to look for now is not taken for one that cannot, and is asked again', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const refused = refusedClient((asked) => (asked === 1 ? '53200' : undefined));
  const options = { config: { connectionString, Client: refused.Client }, schema };
  expect(await rejection(openPostgres(options))).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  await using store = await openPostgres(options);
  await store.put('/a', entry, 'any');
  expect(refused.asked).toBe(2);
});

test('80 % of the connections in use are published once, and again only after less than half were', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const published: unknown[] = [];
  const note = (message: unknown): void => void published.push(message);
  subscribe(SATURATION_CHANNEL, note);
  try {
    await using store = await openPostgres({ config: { connectionString }, schema });
    await store.put('/a', entry, 'absent');
    const message = { bound: 'openPostgres config.max', used: 8, limit: 10 };
    for (const messages of [[message], [message, message]]) {
      await using lock = await lockTable(schema);
      // Each holds a connection on which it waits for the table.
      const lists = Promise.all(Array.from({ length: 10 }, () => store.list('/')));
      await expect.poll(() => published.length, { timeout: 10_000 }).toBe(messages.length);
      await lock.release();
      await lists;
      expect(published).toEqual(messages);
    }
  } finally {
    unsubscribe(SATURATION_CHANNEL, note);
  }
});

test('what is thrown while a connection is given back is not what became of the call, and keeps no place of the pool', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  await using made = makePool({ connectionString, max: 1 });
  const { pool } = made;
  await using store = await openPostgres({ pool, schema });
  const { version } = await store.put('/a', entry, 'absent');
  for (let round = 0; round < 3; round += 1) {
    const handed = Promise.withResolvers<void>();
    // Once ours has the connection, it waits in the pool, and is handed it by whoever gives it back.
    pool.once('acquire', () =>
      pool.connect((_error, _client, done) => {
        done();
        handed.resolve();
        throw new Error('a bug of the application');
      }),
    );
    expect(await store.get('/a')).toMatchObject({ version });
    await handed.promise;
  }
  await store.put('/a', entry, { version });
});
