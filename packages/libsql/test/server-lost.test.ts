import { CasApply, casUpdate, jsonCodec } from '@holdfast/core';
import { startLibsqlServer } from '@holdfast/test-servers';
import { followGlobals, startChild } from '@holdfast/test-support';
import { createClient } from '@libsql/client';
import { beforeEach, expect, test, vi } from 'vitest';
import { openLibsql, type LibsqlConfig } from '../src/index.ts';
import { refusal, refusals } from './support/rejection.ts';
import { makeTables, serverConfig } from './support/server.ts';
import { makeWire } from './support/wire.ts';

beforeEach(followGlobals);

const body = new Uint8Array([1]);
const leaveStores = new URL('children/leave-stores.ts', import.meta.url);
const protocols = ['http', 'ws'] as const;

test.each(protocols)(
  'a server that was killed and came back is used again, and lost nothing (%s)',
  async (protocol) => {
    await using server = await startLibsqlServer({ only: 'binary' });
    const url = server.url.replace('http', protocol);
    await using store = await openLibsql({ config: { url, authToken: server.authToken } });
    const { version } = await store.put('/a', { body }, 'absent');
    for (let kills = 0; kills < 2; kills += 1) {
      await server.kill();
      expect(await refusal(store.put('/a', { body }, { version }))).toMatch(
        /^(UNAVAILABLE not-applied|OUTCOME_UNKNOWN)/,
      );
      // The socket is known to be dead by now: nothing is sent any more.
      expect(await refusal(store.put('/a', { body }, { version }))).toBe('UNAVAILABLE not-applied');
      expect(await refusal(store.get('/a'))).toBe('UNAVAILABLE');
      await server.start();
      expect(await store.get('/a')).toMatchObject({ version });
    }
    await store.put('/a', { body }, { version });
  },
);

test.each(protocols)('a write whose reply is lost is found, and an update is made once (%s)', async (protocol) => {
  await using wire = await makeWire();
  await using tables = makeTables();
  await using store = await openLibsql({ config: wire.config(protocol), ...tables.options });
  const counters = jsonCodec<number>({ kind: 'counter' });
  await casUpdate(store, '/a', counters, () => CasApply.write(1));
  const { snapshot, attempts } = await casUpdate(store, '/a', counters, (count = 0) => {
    wire.hold();
    void wire.answered().then(() => wire.letGo());
    return CasApply.write(count + 1);
  });
  expect([snapshot, attempts]).toEqual([2, 1]);
});

test.each(protocols)(
  'a server that is silent ends no later than the deadline, and makes room (%s)',
  async (protocol) => {
    await using wire = await makeWire();
    await using tables = makeTables();
    const config = { ...wire.config(protocol), concurrency: 2 };
    await using store = await openLibsql({ config, ...tables.options });
    await store.put('/a', { body }, 'absent');
    wire.hold({ requests: false });
    const limits = { timeoutMs: 100 };
    const reads = Array.from({ length: 6 }, () => refusal(store.get('/a', limits)));
    expect(await Promise.all(reads)).toEqual(Array(6).fill('TIMEOUT'));
    const writes = Array.from({ length: 3 }, () => refusal(store.put('/a', { body }, 'any', limits)));
    // One was sent, which nobody knows anything about; the others, at the same path, never were.
    expect(await Promise.all(writes)).toEqual(['TIMEOUT unknown', 'TIMEOUT not-applied', 'TIMEOUT not-applied']);
    wire.letGo();
    // Without the room that they made, this would wait for ever.
    await expect.poll(() => store.get('/a', { timeoutMs: 1000 }).then((found) => found?.path)).toBe('/a');
  },
);

test('a request that nobody waits for any more is cancelled', async () => {
  await using wire = await makeWire();
  await using tables = makeTables();
  const signals: AbortSignal[] = [];
  const config: LibsqlConfig = {
    ...wire.config('http'),
    fetch: (request, options) => {
      if (options?.signal !== undefined) signals.push(options.signal);
      return fetch(request, options);
    },
  };
  await using store = await openLibsql({ config, ...tables.options });
  wire.hold({ requests: false });
  signals.length = 0;
  expect(await refusal(store.get('/a', { timeoutMs: 20 }))).toBe('TIMEOUT');
  await expect.poll(() => signals.map(({ aborted }) => aborted)).toEqual([true]);
});

test('closing cancels what a silent server leaves under way, also without a deadline', async () => {
  await using tables = makeTables();
  const signals: (AbortSignal | undefined)[] = [];
  let silent = false;
  const config: LibsqlConfig = {
    ...serverConfig('http'),
    fetch: (request, options) => {
      if (!silent) return fetch(request, options);
      signals.push(options?.signal);
      return new Promise(() => {});
    },
  };
  const store = await openLibsql({ config, ...tables.options });
  silent = true;
  vi.useFakeTimers();
  try {
    const calls = [refusal(store.get('/a')), refusal(store.put('/a', { body }, 'absent'))];
    const closed = store.close();
    await vi.advanceTimersByTimeAsync(5000);
    await closed;
    expect(await Promise.all(calls)).toEqual(['UNAVAILABLE', 'OUTCOME_UNKNOWN unknown']);
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
  } finally {
    vi.useRealTimers();
  }
});

test('a WebSocket that its owner closes during a call is a connection that was lost', async () => {
  await using wire = await makeWire();
  await using tables = makeTables();
  const client = createClient(wire.config('ws') as { url: string });
  const store = await openLibsql({ client, ...tables.options });
  wire.hold();
  const calls = [refusal(store.get('/a')), refusal(store.put('/a', { body }, 'absent'))];
  await wire.answered();
  client.close();
  expect(await Promise.all(calls)).toEqual(['UNAVAILABLE', 'OUTCOME_UNKNOWN unknown']);
  expect(await refusals([store.get('/a'), store.put('/a', { body }, 'any')])).toEqual(['CLOSED', 'CLOSED not-applied']);
});

test.each(protocols)('nothing is sent to where nobody listens (%s)', async (protocol) => {
  const wire = await makeWire();
  const config = wire.config(protocol);
  await wire[Symbol.asyncDispose]();
  expect(await refusal(openLibsql({ config }))).toBe('UNAVAILABLE');
  const client = createClient(config as { url: string });
  expect(await refusal(openLibsql({ client }))).toBe('UNAVAILABLE');
  client.close();
});

test('connections that were lost in silence while nobody used them cost one call, and not one call each', async () => {
  await using wire = await makeWire();
  await using tables = makeTables();
  await using store = await openLibsql({ config: wire.config('http'), ...tables.options });
  await store.put('/a', { body }, 'absent');
  // Not of one entry: those share a request.
  const read = () => store.list('/', { timeoutMs: 2000 });
  const readAll = () => Promise.all(Array.from({ length: 10 }, read));
  await readAll();
  expect(wire.connections()).toBeGreaterThan(5);
  wire.lose();
  expect(await refusal(store.get('/a', { timeoutMs: 100 }))).toBe('TIMEOUT');
  // The caller is the first to know.
  await new Promise(setImmediate);
  expect((await readAll()).map(({ children }) => children[0]?.name)).toEqual(Array(10).fill('a'));
});

test('a WebSocket that is lost in silence is replaced for later calls', async () => {
  await using wire = await makeWire();
  await using tables = makeTables();
  await using store = await openLibsql({ config: wire.config('ws'), ...tables.options });
  const { version } = await store.put('/a', { body }, 'absent');
  wire.lose();
  // Who has patience goes on waiting over it.
  const patience = new AbortController();
  const hangs = refusal(store.list('/', { signal: patience.signal }));
  const write = () => store.put('/a', { body }, { version }, { timeoutMs: 100 }).then(() => 'written', String);
  await expect.poll(write, { timeout: 5000 }).toBe('written');
  expect(wire.connections()).toBe(2);
  patience.abort();
  expect(await hangs).toBe('ABORTED');
  expect((await store.get('/a'))?.body).toEqual(body);
});

test('a call that is not answered for a second closes the connections that nobody uses, before it ends itself', async () => {
  await using wire = await makeWire();
  await using tables = makeTables();
  await using store = await openLibsql({ config: wire.config('http'), ...tables.options });
  await store.put('/a', { body }, 'absent');
  await Promise.all(Array.from({ length: 10 }, () => store.list('/')));
  const before = wire.connections();
  wire.lose();
  const patience = new AbortController();
  const hangs = refusal(store.get('/a', { signal: patience.signal }));
  await expect.poll(() => wire.connections(), { timeout: 3000 }).toBe(1);
  expect(before).toBeGreaterThan(5);
  expect((await store.get('/a', { timeoutMs: 2000 }))?.path).toBe('/a');
  patience.abort();
  expect(await hangs).toBe('ABORTED');
});

test('a server that is silent keeps no process alive: neither by a store that is closed, nor by one that nobody uses', async () => {
  await using wire = await makeWire();
  await using tables = makeTables();
  const { url, authToken = '' } = wire.config('http');
  await using child = await startChild(leaveStores, url, authToken, tables.tablePrefix);
  expect(await child.tell()).toBe('written');
  wire.hold({ requests: false });
  const began = performance.now();
  // It says nothing more.
  await expect(child.tell()).rejects.toThrow('the child ended with 0');
  // What `close` promises, and what a process that is done may take then.
  expect(performance.now() - began).toBeLessThan(5000);
});
