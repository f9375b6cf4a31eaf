import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { isHoldfastError, type ErrorCode } from '@holdfast/core';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openPostgres } from '../src/index.ts';
import { startProxy } from './support/proxy.ts';
import { refusal, rejection } from './support/rejection.ts';
import { lockRow, lockTable } from './support/row-lock.ts';
import { makeScratchSchema, runSql, testDatabase } from './support/scratch-schema.ts';

const entry = { body: new Uint8Array([1]) };

test('thousands that gave up while the pool had nothing for them leave nothing in it, and do not end the process', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const pool = new pg.Pool({ connectionString, max: 2 });
  const store = await openPostgres({ pool, schema });
  const taken = await Promise.all([pool.connect(), pool.connect()]);
  const waiting = Array.from({ length: 3000 }, () => refusal(store.list('/', { timeoutMs: 50 })));
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['TIMEOUT']));
  expect(pool.waitingCount).toBeLessThanOrEqual(2);
  for (const client of taken) client.release();
  expect(await store.get('/a')).toBeUndefined();
  expect([pool.totalCount, pool.waitingCount]).toEqual([2, 0]);
  await store.close();
  await pool.end();
});

test('a call that waits for a connection when the store is closed is refused, and writes nothing later', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const pool = new pg.Pool({ connectionString, max: 1 });
  const store = await openPostgres({ pool, schema });
  const taken = await pool.connect();
  const writing = refusal(store.put('/late', entry, 'any'));
  await store.close();
  expect(await writing).toBe('CLOSED not-applied');
  taken.release();
  await pool.query('select 1');
  expect(await runSql(connectionString, `select path from ${schema}.holdfast_entries`)).toEqual([]);
  await pool.end();
});

/** The codes with which several calls at once fail on a pool of two. */
async function codesOf(config: pg.PoolConfig, checkoutTimeoutMs = 20_000): Promise<Set<ErrorCode>> {
  await using scratch = makeScratchSchema();
  const url = new URL(scratch.connectionString);
  const pool = new pg.Pool({ connectionString: scratch.connectionString, max: 2, idleTimeoutMillis: 1 });
  await using store = await openPostgres({ pool, schema: scratch.schema, checkoutTimeoutMs });
  await expect.poll(() => pool.totalCount).toBe(0);
  // What new connections are made with, as if the server had changed.
  Object.assign(pool.options, { connectionString: undefined, host: url.hostname, port: Number(url.port), ...config });
  const failing = Array.from({ length: 8 }, () => rejection(store.put('/a', entry, 'any')));
  const errors = await Promise.all(failing);
  expect(errors.every(({ outcome }) => outcome === 'not-applied')).toBe(true);
  return new Set(errors.map(({ code }) => code));
}

test('a server that refuses, is gone or is silent is never taken for a pool in use', async () => {
  expect(await codesOf({ user: 'nobody', password: 'x' })).toEqual(new Set(['ACCESS_DENIED']));
  expect(await codesOf({ port: 1 })).toEqual(new Set(['UNAVAILABLE']));
  await using silent = createServer((socket) => void socket.resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const silence = { host: '127.0.0.1', port, connectionTimeoutMillis: 2000 };
  expect(await codesOf(silence, 500)).toEqual(new Set(['UNAVAILABLE']));
});

test('a server that is silent once it has let a connection in is not taken for a pool in use, and keeps no place in it', async () => {
  await using scratch = makeScratchSchema();
  await using proxy = await startProxy();
  const { connectionString } = proxy;
  const config = { connectionString, max: 2, idleTimeoutMillis: 1, connectionTimeoutMillis: 10_000 };
  await using store = await openPostgres({ config, schema: scratch.schema, checkoutTimeoutMs: 500 });
  await store.put('/a', entry, 'absent');
  proxy.silenceAfterLogin();
  // The connections that were there before are closed as soon as they are idle.
  await expect.poll(() => refusal(store.put('/a', entry, 'any'))).toBe('UNAVAILABLE not-applied');
  const failing = Array.from({ length: 6 }, () => rejection(store.put('/a', entry, 'any')));
  const codes = (await Promise.all(failing)).map(({ code }) => code);
  expect(new Set(codes)).toEqual(new Set(['UNAVAILABLE']));
  proxy.heal();
  const write = (): Promise<string> => store.put('/a', entry, 'any').then(() => 'written', String);
  await expect.poll(write, { timeout: 10_000 }).toBe('written');
});

test('calls that were given up while they waited for a lock do not keep connections to the server', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema, name } = scratch;
  const config = { connectionString, application_name: name, max: 4 };
  await using store = await openPostgres({ config, schema });
  await store.put('/a', entry, 'absent');
  await using _lock = await lockTable(schema);
  const count = async (): Promise<number> => {
    const query = `select 1 from pg_stat_activity where application_name = '${name}'`;
    return (await runSql(testDatabase(), query)).length;
  };
  for (let round = 0; round < 6; round += 1) {
    const lists = Array.from({ length: 4 }, () => store.list('/', { timeoutMs: 20 }));
    for (const result of await Promise.allSettled(lists)) {
      expect(result.status === 'rejected' && isHoldfastError(result.reason)).toBe(true);
    }
  }
  // Twice a second the server looks whether anybody is still there.
  await expect.poll(count, { timeout: 10_000 }).toBeLessThanOrEqual(4);
});

test.each([1, 10])(
  'connections that were lost in the making keep out nobody once the network is back (%i at most)',
  async (max) => {
    await using scratch = makeScratchSchema();
    await using proxy = await startProxy();
    const { connectionString } = proxy;
    const config = { connectionString, max, idleTimeoutMillis: 1 };
    await using store = await openPostgres({ config, schema: scratch.schema });
    await store.put('/a', entry, 'absent');
    await expect.poll(() => proxy.connections()).toBe(0);
    proxy.hang();
    const limits = { timeoutMs: 100 };
    const lost = Array.from({ length: max }, () => refusal(store.list('/', limits)));
    expect(new Set(await Promise.all(lost))).toEqual(new Set(['TIMEOUT']));
    // What was sent meanwhile never arrives.
    proxy.heal();
    expect(await store.get('/a', { timeoutMs: 3000 })).toBeDefined();
    // Also those are given up that nobody replaced.
    await expect.poll(() => proxy.connections(), { timeout: 3000 }).toBe(0);
  },
);

test('a connection that is lost in the making is made anew for a call that still waits', async () => {
  await using scratch = makeScratchSchema();
  await using proxy = await startProxy();
  const { connectionString } = proxy;
  const config = { connectionString, max: 2, idleTimeoutMillis: 1 };
  await using store = await openPostgres({ config, schema: scratch.schema });
  await store.put('/a', entry, 'absent');
  await expect.poll(() => proxy.connections()).toBe(0);
  proxy.hang();
  const calls = Array.from({ length: 4 }, () => store.list('/', { timeoutMs: 8000 }));
  await expect.poll(() => proxy.connections()).toBe(2);
  proxy.heal();
  await Promise.all(calls);
});

test('connections that were lost in silence while nobody used them cost one call, and not one call each', async () => {
  await using scratch = makeScratchSchema();
  await using proxy = await startProxy();
  const { connectionString } = proxy;
  await using store = await openPostgres({ config: { connectionString, max: 5 }, schema: scratch.schema });
  await store.put('/a', entry, 'absent');
  const readAll = () => Promise.all(Array.from({ length: 5 }, () => store.list('/', { timeoutMs: 3000 })));
  await readAll();
  expect(proxy.connections()).toBeGreaterThan(2);
  proxy.lose();
  expect(await refusal(store.get('/a', { timeoutMs: 100 }))).toBe('TIMEOUT');
  // The caller is the first to know.
  await new Promise(setImmediate);
  expect((await readAll()).map(({ children }) => children.length)).toEqual(Array(5).fill(1));
});

test('a call that gives up closes no connection that was used meanwhile', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema, name } = scratch;
  await using store = await openPostgres({ config: { connectionString, application_name: name, max: 2 }, schema });
  await store.put('/a', entry, 'absent');
  await using lock = await lockRow(schema, '/a');
  const patience = new AbortController();
  const hangs = refusal(store.put('/a', entry, 'any', { signal: patience.signal }));
  await lock.waitedForBy(1);
  await store.get('/a');
  const pids = async (): Promise<unknown[]> => {
    const query = `select pid from pg_stat_activity where application_name = '${name}' and wait_event_type = 'Client'`;
    return (await runSql(testDatabase(), query)).map(({ pid }) => pid);
  };
  const idle = await pids();
  expect(idle).toHaveLength(1);
  patience.abort();
  expect(await hangs).toBe('ABORTED unknown');
  await store.get('/a');
  expect(await pids()).toEqual(idle);
});
