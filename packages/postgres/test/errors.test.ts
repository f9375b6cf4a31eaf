import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { ErrorCode } from '@holdfast/core';
import type { PoolConfig } from 'pg';
import { beforeAll, afterAll, expect, test } from 'vitest';
import { openPostgres } from '../src/index.ts';
import { refusal, rejection } from './support/rejection.ts';
import { lockRow } from './support/row-lock.ts';
import { makeScratchSchema, runSql, testDatabase, type ScratchSchema } from './support/scratch-schema.ts';

const entry = { body: new Uint8Array([1]) };

let scratch: ScratchSchema;

// A trigger lets a real server raise any error in the middle of a statement.
beforeAll(async () => {
  scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  await using store = await openPostgres({ config: { connectionString }, schema });
  await store.put('/seed', entry, 'absent');
  await runSql(
    connectionString,
    `create function ${schema}.fail() returns trigger language plpgsql as $$
       begin
         if new.path like '/raise/%' then
           raise exception 'canary-body' using errcode = split_part(new.path, '/', 3);
         end if;
         return new;
       end
     $$;
     create trigger fail before insert on ${schema}.holdfast_entries for each row execute function ${schema}.fail()`,
  );
});

afterAll(() => scratch.remove());

const states: readonly (readonly [state: string, code: ErrorCode])[] = [
  ['40001', 'BUSY'],
  ['40P01', 'BUSY'],
  ['55P03', 'BUSY'],
  ['57014', 'TIMEOUT'],
  ['53100', 'STORAGE_FULL'],
  ['25006', 'UNAVAILABLE'],
  ['42501', 'ACCESS_DENIED'],
  ['42P01', 'SCHEMA_UNSUPPORTED'],
  ['22021', 'BACKEND_FAILED'],
  ['23514', 'BACKEND_FAILED'],
  ['54000', 'BACKEND_FAILED'],
  // What a trigger raises when it does not say what.
  ['P0001', 'BACKEND_FAILED'],
];

test.each(states)('SQLSTATE %s is %s, and nothing was applied', async (state, code) => {
  const { connectionString, schema } = scratch;
  await using store = await openPostgres({ config: { connectionString }, schema });
  const path = `/raise/${state}`;
  const error = await rejection(store.put(path, entry, 'any'));
  expect(error).toMatchObject({ code, outcome: 'not-applied', operation: 'put', path });
  expect(await store.get(path)).toBeUndefined();
});

test('a connection that may only read is told apart from a server that cannot be reached', async () => {
  const { connectionString, schema } = scratch;
  const options = '-c default_transaction_read_only=on';
  await using store = await openPostgres({ config: { connectionString, options }, schema });
  const error = await rejection(store.put('/a', entry, 'any'));
  expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-applied' });
  expect(error.message).toContain('takes no writes');
});

// Each may also come when the commit is done: only reading back can tell.
test.each(['57P01', '57P02', '08006', '40003', 'XX000', '25P03', '25P04'])(
  'SQLSTATE %s leaves the outcome open until it has been read back',
  async (state) => {
    const { connectionString, schema } = scratch;
    await using store = await openPostgres({ config: { connectionString }, schema });
    // Finding nothing is no proof for a creation: it may still be on its way.
    expect(await refusal(store.put(`/raise/${state}`, entry, 'absent'))).toBe('OUTCOME_UNKNOWN unknown');
  },
);

test('a lock timeout of the connection is BUSY', async () => {
  const { connectionString, schema } = scratch;
  await using holder = await openPostgres({ config: { connectionString }, schema });
  const { version } = await holder.put('/locked', entry, 'any');
  await using store = await openPostgres({ config: { connectionString, lock_timeout: 20 }, schema });
  await using _lock = await lockRow(schema, '/locked');
  expect(await refusal(store.put('/locked', entry, { version }))).toBe('BUSY not-applied');
  expect(await refusal(store.delete('/locked', { version }))).toBe('BUSY not-applied');
});

test('a statement timeout of the connection is TIMEOUT', async () => {
  const { connectionString, schema } = scratch;
  await using store = await openPostgres({ config: { connectionString, statement_timeout: 50 }, schema });
  await store.put('/locked', entry, 'any');
  await using _lock = await lockRow(schema, '/locked');
  expect(await refusal(store.put('/locked', entry, 'any'))).toBe('TIMEOUT not-applied');
});

test("the driver's own query timeout leaves the outcome open", async () => {
  const { connectionString, schema } = scratch;
  await using store = await openPostgres({ config: { connectionString, query_timeout: 100 }, schema });
  await store.put('/locked', entry, 'any');
  await using _lock = await lockRow(schema, '/locked');
  expect(await refusal(store.put('/locked', entry, 'any'))).toBe('OUTCOME_UNKNOWN unknown');
});

function withUrl(change: (url: URL) => void): string {
  const url = new URL(testDatabase());
  change(url);
  return url.href;
}

test.each<[string, () => PoolConfig, ErrorCode, string]>([
  [
    'a wrong password',
    () => ({ connectionString: withUrl((url) => (url.password = 'wrong')) }),
    'ACCESS_DENIED',
    '(28P01)',
  ],
  [
    'an unknown role',
    () => ({ connectionString: withUrl((url) => (url.username = 'nobody')) }),
    'ACCESS_DENIED',
    '(28P01)',
  ],
  [
    'no password',
    () => ({ connectionString: withUrl((url) => (url.password = '')) }),
    'INVALID_ARGUMENT',
    'asks for a password',
  ],
  [
    'a database that does not exist',
    () => ({ connectionString: withUrl((url) => (url.pathname = '/canary-7f3a')) }),
    'INVALID_ARGUMENT',
    'does not exist (3D000)',
  ],
  [
    'a setting that does not exist',
    () => ({ connectionString: testDatabase(), options: '-c canary=1' }),
    'INVALID_ARGUMENT',
    'a setting of config (42704)',
  ],
  [
    'a setting that is malformed',
    () => ({ connectionString: testDatabase(), options: '-c work_mem=canary' }),
    'INVALID_ARGUMENT',
    'a setting of config (22023)',
  ],
  [
    'a certificate that is not there',
    () => ({ connectionString: withUrl((url) => url.searchParams.set('sslrootcert', '/canary-7f3a.pem')) }),
    'INVALID_ARGUMENT',
    'cannot be read (ENOENT)',
  ],
  [
    'a URL that is not well encoded',
    () => ({ connectionString: 'postgres://h/canary%b' }),
    'INVALID_ARGUMENT',
    'no valid',
  ],
  [
    'a port where nobody is',
    () => ({ connectionString: 'postgres://u:p@127.0.0.1:1/d' }),
    'UNAVAILABLE',
    '(ECONNREFUSED)',
  ],
  [
    'a host that does not exist',
    () => ({ connectionString: 'postgres://u:p@canary.invalid/d' }),
    'UNAVAILABLE',
    'reached (',
  ],
])('opening with %s says so, and is worth a retry only if that could mend it', async (_, config, code, part) => {
  const error = await rejection(openPostgres({ config: config(), checkoutTimeoutMs: 5000 }));
  expect(error).toMatchObject({ code, operation: 'open', retryable: code === 'UNAVAILABLE', outcome: undefined });
  expect(error.message).toContain(part);
});

test('opening with TLS that the server does not speak says so', async () => {
  // What PostgreSQL without TLS answers to the question for it.
  await using plain = createServer((socket) => void socket.once('data', () => socket.end('N'))).listen(0, '127.0.0.1');
  await once(plain, 'listening');
  const { port } = plain.address() as AddressInfo;
  const error = await rejection(openPostgres({ config: { host: '127.0.0.1', port, ssl: true } }));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', retryable: false });
  expect(error.message).toContain('TLS');
});

test('opening on a server that is silent is given up in time', async () => {
  // Hears everything and answers nothing.
  await using silent = createServer((socket) => void socket.resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const opening = openPostgres({ config: { host: '127.0.0.1', port, user: 'u' }, checkoutTimeoutMs: 500 });
  expect(await rejection(opening)).toMatchObject({ code: 'UNAVAILABLE', operation: 'open' });
});

test('a role that may read but not write is told so', async () => {
  const { connectionString, schema } = scratch;
  const role = `reader_of_${schema}`;
  await runSql(
    connectionString,
    `create role ${role} login password 'x';
     grant usage on schema ${schema} to ${role};
     grant select on all tables in schema ${schema} to ${role}`,
  );
  try {
    const reader = withUrl((url) => {
      url.username = role;
      url.password = 'x';
    });
    await using store = await openPostgres({ config: { connectionString: reader }, schema });
    expect(await store.get('/seed')).toBeDefined();
    expect(await refusal(store.put('/seed', entry, 'any'))).toBe('ACCESS_DENIED not-applied');
    expect(await refusal(openPostgres({ config: { connectionString: reader }, schema: 'not_allowed' }))).toBe(
      'ACCESS_DENIED',
    );
  } finally {
    await runSql(connectionString, `drop owned by ${role}; drop role ${role}`);
  }
});
