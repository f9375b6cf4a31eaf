import { inspect } from 'node:util';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ServerError, startLibsqlServer, startPostgres } from '../src/index.ts';
import { freePort } from '../src/process/free-port.ts';

/** The servers of this run, as `src/vitest-setup.ts` has set them. */
const shared = {
  postgres: process.env['HOLDFAST_POSTGRES_URL'] ?? '',
  libsql: process.env['HOLDFAST_LIBSQL_URL'] ?? '',
  token: process.env['HOLDFAST_LIBSQL_AUTH_TOKEN'],
};
const secret = 'correct%20horse';

beforeEach(() => {
  vi.stubEnv('HOLDFAST_SERVERS', undefined);
});

/** What it is rejected with, which must be an error for users, and without the secret in any of its forms. */
async function refusal(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ServerError);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/correct.{0,3}horse/);
  return (error as ServerError).message;
}

test('a server at a URL comes first, and a stop leaves it alone', async () => {
  for (const start of [startPostgres, startLibsqlServer]) {
    const server = await start();
    expect(server).toMatchObject({ source: 'environment' });
    expect(server.description).toMatch(/^(PostgreSQL|libSQL server) \d+\.\d+\S* at \S+:\d+ \(HOLDFAST_[A-Z]+_URL\)$/);
    await server.stop();
    await using again = await start();
    expect(again.url).toBe(server.url);
  }
});

test('HOLDFAST_SERVERS comes before a URL, and what the caller asks for before both', async () => {
  vi.stubEnv('HOLDFAST_SERVERS', 'binary');
  await using forced = await startLibsqlServer();
  expect(forced.source).toBe('binary');

  await using asked = await startLibsqlServer({ only: 'environment' });
  expect(asked).toMatchObject({ source: 'environment', url: shared.libsql, authToken: shared.token });
});

test.each(['foo', 'Docker', 'binary,docker'])('HOLDFAST_SERVERS=%s is refused', async (value) => {
  vi.stubEnv('HOLDFAST_SERVERS', value);
  const message = `HOLDFAST_SERVERS is "${value}", but must be one of environment, docker, binary.`;
  expect(await refusal(startPostgres())).toBe(message);
  expect(await refusal(startLibsqlServer())).toBe(message);
});

test('a URL that was asked for and is not there is an error, not a reason to look elsewhere', async () => {
  vi.stubEnv('HOLDFAST_SERVERS', 'environment');
  vi.stubEnv('HOLDFAST_POSTGRES_URL', '');
  vi.stubEnv('HOLDFAST_LIBSQL_URL', undefined);
  expect(await refusal(startPostgres())).toContain('HOLDFAST_POSTGRES_URL is not set');
  expect(await refusal(startLibsqlServer())).toContain('HOLDFAST_LIBSQL_URL is not set');
});

describe('a bad HOLDFAST_POSTGRES_URL is an error without the password', () => {
  test.each([`postgres://u:${secret}@`, `u:${secret}@host/db`, `mysql://u:${secret}@127.0.0.1/db`, secret])(
    'when it is no URL of PostgreSQL (%#)',
    async (url) => {
      vi.stubEnv('HOLDFAST_POSTGRES_URL', url);
      expect(await refusal(startPostgres())).toContain('HOLDFAST_POSTGRES_URL is not of the form postgres://');
    },
  );

  test('when nothing answers there', async () => {
    const port = await freePort();
    vi.stubEnv('HOLDFAST_POSTGRES_URL', `postgres://u:${secret}@127.0.0.1:${port}/db`);
    const message = await refusal(startPostgres());
    expect(message).toContain(`The PostgreSQL at HOLDFAST_POSTGRES_URL (127.0.0.1:${port}) cannot be used`);
    expect(message).toContain('ECONNREFUSED');
    expect(message).toContain('unset HOLDFAST_POSTGRES_URL to have a server started');
  });

  test('when the password is wrong', async () => {
    const url = new URL(shared.postgres);
    url.password = secret;
    vi.stubEnv('HOLDFAST_POSTGRES_URL', url.href);
    expect(await refusal(startPostgres())).toContain('password authentication failed');
  });
});

describe('a bad HOLDFAST_LIBSQL_URL or token is an error without the token', () => {
  test.each(['nonsense', `ftp://127.0.0.1:1/`, `http://u:${secret}@127.0.0.1:1`])(
    'when it is no URL of libSQL (%#)',
    async (url) => {
      vi.stubEnv('HOLDFAST_LIBSQL_URL', url);
      expect(await refusal(startLibsqlServer())).toContain('HOLDFAST_LIBSQL_URL is not of the form https://');
    },
  );

  test('when nothing answers there', async () => {
    const port = await freePort();
    vi.stubEnv('HOLDFAST_LIBSQL_URL', `ws://127.0.0.1:${port}?authToken=${secret}`);
    const message = await refusal(startLibsqlServer());
    expect(message).toContain(`The libSQL server at HOLDFAST_LIBSQL_URL (127.0.0.1:${port}) cannot be used`);
    expect(message).toContain('ECONNREFUSED');
  });

  test('when the token is wrong', async () => {
    vi.stubEnv('HOLDFAST_LIBSQL_AUTH_TOKEN', `${secret}.x.y`);
    expect(await refusal(startLibsqlServer({ only: 'environment' }))).toContain('status 401');
  });
});
