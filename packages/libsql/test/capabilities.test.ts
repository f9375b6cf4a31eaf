import { readdir, writeFile } from 'node:fs/promises';
import { createClient } from '@libsql/client';
import { expect, test } from 'vitest';
import { openLibsql, type LibsqlOptions } from '../src/index.ts';
import { refusal, rejection } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';
import { makeTables, rawClient, serverConfig } from './support/server.ts';

async function claims(options: LibsqlOptions) {
  await using store = await openLibsql(options);
  const { durability, sharing, maxBodyBytes } = store.capabilitiesAt('/');
  return { durability, sharing, maxBodyBytes };
}

const MiB = 1024 * 1024;
const SYNCED = process.platform === 'darwin' ? 'process-crash' : 'power-loss';

test('each mode claims what it can keep', async () => {
  await using scratch = await makeScratch();
  await using tables = makeTables();
  const network = { durability: 'process-crash', sharing: 'network', maxBodyBytes: 4 * MiB };
  expect(await claims({ config: { url: ':memory:' } })).toEqual({
    durability: 'none',
    sharing: 'instance',
    maxBodyBytes: 16 * MiB,
  });
  expect(await claims({ config: scratch.config })).toEqual({
    durability: SYNCED,
    sharing: 'process',
    maxBodyBytes: 16 * MiB,
  });
  expect(await claims({ config: serverConfig('http'), ...tables.options })).toEqual(network);
  expect(await claims({ config: serverConfig('ws'), ...tables.options })).toEqual(network);
  const { url, ...rest } = serverConfig();
  expect(await claims({ config: { ...rest, url: scratch.config.url, syncUrl: url }, ...tables.options })).toEqual(
    network,
  );
});

test('every connection that the driver may open to a file syncs its commits', async () => {
  await using scratch = await makeScratch();
  await (await openLibsql({ config: scratch.config })).close();
  const client = scratch.raw();
  // Two that are open, and one that is new.
  const first = await client.transaction('read');
  const second = await client.transaction('read');
  for (const connection of [first, second, client]) {
    const [{ rows: mode }, { rows: synchronous }] = [
      await connection.execute('pragma journal_mode'),
      await connection.execute('pragma synchronous'),
    ];
    expect([mode[0]?.['journal_mode'], synchronous[0]?.['synchronous']]).toEqual(['wal', 2]);
  }
  first.close();
  second.close();
});

test('the journal of a file that somebody else opened stays as it is, and less is claimed', async () => {
  await using scratch = await makeScratch();
  const client = createClient({ url: scratch.config.url });
  await client.execute('create table theirs (id integer)');
  expect(await claims({ client })).toMatchObject({ durability: 'process-crash', sharing: 'process' });
  expect((await client.execute('pragma journal_mode')).rows[0]?.['journal_mode']).toBe('delete');
  await client.execute('pragma journal_mode = wal');
  expect(await claims({ client })).toMatchObject({ durability: SYNCED, sharing: 'process' });
  client.close();
});

test('a client that was given stays open', async () => {
  await using tables = makeTables();
  for (const client of [rawClient(), rawClient(serverConfig('ws')), createClient({ url: ':memory:' })]) {
    const store = await openLibsql({ client, ...tables.options });
    await store.put('/a', { body: new Uint8Array(1) }, 'any');
    await store.close();
    const { rows } = await client.execute(`select path from ${tables.tablePrefix}entries`);
    expect(rows.map(({ path }) => path)).toEqual(['/a']);
    client.close();
    expect(await refusal(openLibsql({ client, ...tables.options }))).toBe('INVALID_ARGUMENT');
  }
});

test('a client whose connections have databases of their own is refused', async () => {
  expect(await refusal(openLibsql({ client: createClient({ url: 'file:' }) }))).toBe('INVALID_ARGUMENT');
});

test('a database that would order paths otherwise, since it is encoded in UTF-16, is refused', async () => {
  await using scratch = await makeScratch();
  for (const url of [scratch.config.url, ':memory:']) {
    const client = createClient({ url });
    await client.executeMultiple("pragma encoding = 'UTF-16le'; create table theirs (id integer)");
    expect(await refusal(openLibsql({ client }))).toBe('UNSUPPORTED');
    expect((await client.execute('select name from sqlite_master')).rows).toEqual([{ name: 'theirs' }]);
    client.close();
  }
  expect(await refusal(openLibsql({ config: scratch.config }))).toBe('UNSUPPORTED');
});

test('the file of an embedded replica is not written to', async () => {
  await using scratch = await makeScratch();
  const { url, ...rest } = serverConfig();
  const client = createClient({ ...(rest as object), url: scratch.config.url, syncUrl: url });
  expect(await refusal(openLibsql({ config: scratch.config }))).toBe('UNSUPPORTED');
  expect(await refusal(openLibsql({ client }))).toBe('UNSUPPORTED');
  client.close();
});

test('what cannot be opened is typed', async () => {
  await using scratch = await makeScratch();
  const at = (name: string) => ({ config: { url: `file:${scratch.directory}/${name}` } });
  expect(await refusal(openLibsql(at('no/such.db')))).toBe('INVALID_ARGUMENT');
  expect(await refusal(openLibsql(at('')))).toBe('INVALID_ARGUMENT');
  expect(await refusal(openLibsql({ ...at('missing.db'), migrate: 'verify' }))).toBe('INVALID_ARGUMENT');
  await writeFile(scratch.file, 'not a database, but longer than the header of one '.repeat(50));
  expect(await refusal(openLibsql({ config: scratch.config }))).toBe('CORRUPT');
});

test('a file that is encrypted opens with its key only, and whoever has another is told that it may be the key', async () => {
  await using scratch = await makeScratch();
  const body = new Uint8Array([1]);
  const keyed = { ...scratch.config, encryptionKey: 'one' };
  const store = await openLibsql({ config: keyed });
  await store.put('/a', { body }, 'absent');
  await store.close();
  for (const config of [scratch.config, { ...scratch.config, encryptionKey: 'another' }]) {
    const { code, message } = await rejection(openLibsql({ config }));
    expect([code, message]).toEqual(['CORRUPT', expect.stringContaining('encrypted with another key')]);
  }
  await using again = await openLibsql({ config: keyed });
  expect((await again.get('/a'))?.body).toEqual(body);
});

test.each([
  undefined,
  {},
  { config: 'file:refused.db' },
  { config: {} },
  { config: { url: 1 } },
  { config: { url: 'nonsense canary-7f3a' } },
  { config: { url: 'ftp://canary-7f3a' } },
  { config: { url: 'http://canary-7f3a?x=1' } },
  { config: { url: 'file:refused.db', authTokn: '' } },
  { config: { url: 'file:refused.db', concurrency: 0 } },
  { config: { url: 'file:refused.db' }, client: {} },
  { client: {} },
  { config: { url: 'file:refused.db' }, tablePrefix: '1' },
  { config: { url: 'file:refused.db' }, migrate: 'maybe' },
  { config: { url: 'file:refused.db' }, maxBodyBytes: 0 },
  { config: { url: 'file:refused.db' }, busyTimeoutMs: -1 },
  { config: { url: 'file:refused.db' }, extra: 1 },
])('%j is refused before anything is touched', async (options) => {
  await using scratch = await makeScratch();
  // Where a relative file would be made.
  const before = process.cwd();
  process.chdir(scratch.directory);
  try {
    expect(await refusal(openLibsql(options as unknown as LibsqlOptions))).toBe('INVALID_ARGUMENT');
    expect(await readdir(scratch.directory)).toEqual([]);
  } finally {
    process.chdir(before);
  }
});

test.each(['http', 'ws'])('a server is not offered bodies that the driver could not carry (%s)', async (protocol) => {
  const config = { url: `${protocol}://127.0.0.1:2`, concurrency: 1 };
  const opening = (maxBodyBytes: number) => refusal(openLibsql({ config, maxBodyBytes }));
  expect(await opening(74 * MiB + 1)).toBe('INVALID_ARGUMENT');
  // Which comes as far as connecting.
  expect(await opening(74 * MiB)).toBe('UNAVAILABLE');
});

test('writes that would be acknowledged before a server has them are refused', async () => {
  const config = { url: 'file:a.db', syncUrl: 'http://127.0.0.1:9', offline: true };
  expect(await refusal(openLibsql({ config }))).toBe('UNSUPPORTED');
});
