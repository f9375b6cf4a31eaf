import { MAX_INDEXED_KEYS, MAX_INDEXED_STRING_BYTES } from '@holdfast/core';
import { createClient } from '@libsql/client';
import { expect, test } from 'vitest';
import { bind } from '../src/bind.ts';
import { ROW_OVERHEAD_BYTES } from '../src/row-overhead.ts';
import { openLibsql, type LibsqlOptions } from '../src/index.ts';
import { refusal } from './support/rejection.ts';
import { makeTables, rawClient, serverConfig } from './support/server.ts';

const modes: Record<string, () => LibsqlOptions> = {
  memory: () => ({ config: { url: ':memory:' } }),
  http: () => ({ config: serverConfig('http') }),
  ws: () => ({ config: serverConfig('ws') }),
  'a client that reads integers as bigint': () => ({ client: createClient({ url: ':memory:', intMode: 'bigint' }) }),
  'a client that reads integers as text': () => ({ client: createClient({ url: ':memory:', intMode: 'string' }) }),
};

const bodyOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 31 + length) % 256);

test.each(Object.keys(modes))('bodies, numbers and integers of 64 bits survive exactly (%s)', async (mode) => {
  await using tables = makeTables();
  const { tablePrefix } = tables;
  await using store = await openLibsql({ ...(modes[mode]?.() as LibsqlOptions), tablePrefix });
  const indexed = {
    whole: 5,
    largest: Number.MAX_SAFE_INTEGER,
    least: Number.MIN_SAFE_INTEGER,
    fraction: 0.1 + 0.2,
    tiny: Number.MIN_VALUE,
    huge: Number.MAX_VALUE,
    text: '9223372036854775807',
  };
  for (const length of [0, 1, 3, 4095, 4096, 8193, 1_000_003]) {
    const { version } = await store.put(`/${length}`, { body: bodyOf(length), kind: 'k', indexed }, 'absent');
    const found = await store.get(`/${length}`);
    expect(found).toMatchObject({ version, indexed });
    expect(found?.body.constructor).toBe(Uint8Array);
    expect(Buffer.compare(found?.body ?? new Uint8Array(9), bodyOf(length))).toBe(0);
  }
  // A slice of a larger buffer is bound as itself.
  await store.put('/slice', { body: bodyOf(100).subarray(10, 20) }, 'any');
  expect((await store.get('/slice'))?.body).toEqual(bodyOf(100).subarray(10, 20));
  const page = await store.list('/', { limit: 3 });
  expect(page.children[0]).toEqual({ name: '0', isEntry: true, isPrefix: false });
  expect(page.children).toHaveLength(3);
});

test('integers are bound as integers', async () => {
  for (const client of [createClient({ url: ':memory:' }), rawClient()]) {
    const { rows } = await client.execute(bind('select typeof(?) as whole, typeof(?) as part', [5, 0.5]));
    expect({ ...rows[0] }).toEqual({ whole: 'integer', part: 'real' });
    client.close();
  }
});

test('a page of entries that is larger than what a server answers at once is read in parts', async () => {
  await using tables = makeTables();
  await using store = await openLibsql({ config: serverConfig(), ...tables.options });
  // The answer to the first page of eight would be 24 MB, of the 10 MB that there may be.
  for (let n = 0; n < 10; n += 1) await store.put(`/big/${n}`, { body: bodyOf(3_000_000 + n) }, 'absent');
  const lengths: number[] = [];
  for await (const { body } of store.entries('/big')) lengths.push(body.byteLength);
  expect(lengths).toEqual(Array.from({ length: 10 }, (_, n) => 3_000_000 + n));
});

test('a server is asked whether it takes entries as long as is claimed', async () => {
  await using tables = makeTables();
  const options = { config: serverConfig(), ...tables.options };
  // The longest row of a server that was told nothing else.
  const longest = 5_000_000 - ROW_OVERHEAD_BYTES;
  for (const maxBodyBytes of [64 * 1024 * 1024, 5_000_000, longest + 1]) {
    expect(await refusal(openLibsql({ ...options, maxBodyBytes }))).toBe('INVALID_ARGUMENT');
  }
  await using store = await openLibsql({ ...options, maxBodyBytes: longest });
  expect(store.capabilitiesAt('/').maxBodyBytes).toBe(longest);
  const path = `/${['a', 'b', 'c', 'd'].map((name) => name.repeat(255)).join('/')}`;
  const keys = Array.from({ length: MAX_INDEXED_KEYS }, (_, n) => `k${n}_`.padEnd(128, 'k'));
  const indexed = Object.fromEntries(keys.map((key) => [key, '\u0001'.repeat(MAX_INDEXED_STRING_BYTES)]));
  const contentType = `a/${'b'.repeat(253)}`;
  await store.put(path, { body: bodyOf(longest), kind: 'k'.repeat(128), contentType, indexed }, 'absent');
  expect((await store.get(path))?.body.byteLength).toBe(longest);
});
