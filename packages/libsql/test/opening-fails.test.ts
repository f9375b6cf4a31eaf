import { existsSync } from 'node:fs';
import { followGlobals } from '@holdfast/test-support';
import { beforeEach, expect, test, vi } from 'vitest';
import { openLibsql, type LibsqlConfig } from '../src/index.ts';
import { useWriteLane } from '../src/write-lane.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';
import { makeTables, serverConfig } from './support/server.ts';
import { makeWire } from './support/wire.ts';

beforeEach(followGlobals);

test('a file that is refused stays as it is, and nothing waits behind it', async () => {
  await using scratch = await makeScratch();
  const raw = scratch.raw();
  await raw.execute('create table theirs (id integer)');
  const before = useWriteLane(scratch.file);
  expect(await refusal(openLibsql({ config: scratch.config, migrate: 'verify' }))).toBe('SCHEMA_UNSUPPORTED');
  expect((await raw.execute('select name from sqlite_master')).rows).toEqual([{ name: 'theirs' }]);
  expect((await scratch.raw().execute('pragma journal_mode')).rows).toEqual([{ journal_mode: 'delete' }]);
  before[Symbol.dispose]();
  // What failed to open has let go of the file's lane as well.
  using after = useWriteLane(scratch.file);
  expect(after.lane).not.toBe(before.lane);
});

test('the connection to a server that is refused is closed', async () => {
  await using wire = await makeWire();
  await using tables = makeTables();
  const options = { config: wire.config('ws'), ...tables.options };
  expect(await refusal(openLibsql({ ...options, maxBodyBytes: 5_000_000 }))).toBe('INVALID_ARGUMENT');
  expect(await refusal(openLibsql({ ...options, migrate: 'verify' }))).toBe('SCHEMA_UNSUPPORTED');
  await expect.poll(() => wire.connections()).toBe(0);
});

test('a server that accepts a connection and never answers is waited for a minute', async () => {
  vi.useFakeTimers();
  try {
    const asked = Promise.withResolvers<void>();
    const fetch = (): Promise<Response> => {
      asked.resolve();
      return new Promise(() => {});
    };
    let end: string | undefined;
    void refusal(openLibsql({ config: { url: 'http://server.invalid', fetch } })).then((code) => (end = code));
    await asked.promise;
    await vi.advanceTimersByTimeAsync(59_990);
    expect(end).toBe(undefined);
    await vi.advanceTimersByTimeAsync(20);
    expect(end).toBe('TIMEOUT');
  } finally {
    vi.useRealTimers();
  }
});

test('the key of the file of a replica stays here, and a server has none', async () => {
  await using scratch = await makeScratch();
  await using tables = makeTables();
  const server = serverConfig();
  const replica: LibsqlConfig = { ...server, url: scratch.config.url, syncUrl: server.url, encryptionKey: 'key' };
  await using store = await openLibsql({ config: replica, ...tables.options });
  expect((await store.list('/')).children).toEqual([]);
  expect(existsSync(scratch.file)).toBe(false);
  const keyed = { ...server, encryptionKey: 'key' };
  expect(await refusal(openLibsql({ config: keyed, ...tables.options }))).toBe('INVALID_ARGUMENT');
});
