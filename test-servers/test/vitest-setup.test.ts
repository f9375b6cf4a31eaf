import { beforeEach, expect, test, vi } from 'vitest';
import { setup } from '../src/vitest-setup.ts';
import { query } from './support/query.ts';
import { ownTemporaryFolder } from './support/temporary-folder.ts';

beforeEach(() => {
  vi.stubEnv('HOLDFAST_POSTGRES_URL', undefined);
  vi.stubEnv('HOLDFAST_LIBSQL_URL', undefined);
  vi.stubEnv('HOLDFAST_LIBSQL_AUTH_TOKEN', undefined);
  // This test may run beside servers of the run it is part of.
  vi.stubEnv('HOLDFAST_TEST_SERVERS_RUN', undefined);
});

test('the servers of a run are told of in the environment, and gone after it', async () => {
  using temporary = ownTemporaryFolder();
  vi.stubEnv('HOLDFAST_SERVERS', 'binary');
  const print = vi.spyOn(console, 'log').mockReturnValue();
  const teardown = await setup();
  expect(temporary.contents()).toHaveLength(2);
  expect(process.env).not.toHaveProperty('HOLDFAST_SERVERS');
  const url = process.env['HOLDFAST_POSTGRES_URL'] ?? '';
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect((await fetch(`${process.env['HOLDFAST_LIBSQL_URL']}/health`)).ok).toBe(true);

  const printed = print.mock.calls.join('\n');
  expect(printed).toMatch(/^Servers of this run: PostgreSQL 18\.\S+ from npm .*; libSQL server \S+ from npm/);
  expect(printed).not.toContain(new URL(url).password);
  expect(printed).not.toContain(process.env['HOLDFAST_LIBSQL_AUTH_TOKEN']);

  // As another project of the same run does.
  await (
    await setup()
  )();
  expect(temporary.contents()).toHaveLength(2);
  expect(print).toHaveBeenCalledTimes(1);

  await teardown();
  expect(temporary.contents()).toEqual([]);
  expect(process.env).toMatchObject({ HOLDFAST_SERVERS: 'binary' });
  expect(process.env).not.toHaveProperty('HOLDFAST_POSTGRES_URL');
});

test('when one server cannot be had, the other one is not left running', async () => {
  using temporary = ownTemporaryFolder();
  vi.stubEnv('HOLDFAST_SERVERS', 'environment');
  await expect(setup()).rejects.toThrow('HOLDFAST_POSTGRES_URL is not set');

  vi.stubEnv('HOLDFAST_SERVERS', undefined);
  vi.stubEnv('HOLDFAST_LIBSQL_URL', 'nonsense');
  await expect(setup()).rejects.toThrow('HOLDFAST_LIBSQL_URL is not of the form');
  expect(temporary.contents()).toEqual([]);
});
