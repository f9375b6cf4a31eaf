import { join } from 'node:path';
import { openLibsql } from '@holdfast/libsql';
import { openLocalDisk } from '@holdfast/local-disk';
import { openMemory } from '@holdfast/memory';
import { openPostgres } from '@holdfast/postgres';
import { openSqlite } from '@holdfast/sqlite';
import { makeScratchDirectory } from '@holdfast/test-support';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzz } from './machine/fuzz.ts';
import { CANARY, hostile, plain, record, type Made } from './machine/hostile.ts';

/** Where nobody listens, spelled in ways that lead nowhere else. */
const HOSTS = ['127.0.0.1:1', 'localhost:1', '[::1]:1', '127.0.0.1:99999', '127.0.0.1:', '', '127.0.0.1:1:1', '%00:1'];
const SECRETS = [`user:${CANARY}@`, `${CANARY}@`, `user:%zz${CANARY}@`, `:${CANARY}@`, ''];
const PATHS = [
  '',
  '/',
  `/${CANARY}`,
  `/a?sslmode=${CANARY}`,
  '/a?sslmode=require',
  '/%',
  `/a?authToken=${CANARY}`,
  '/a#b',
  '/a?tls=0',
];

function urls(schemes: readonly string[]): fc.Arbitrary<string> {
  const part = fc.constantFrom;
  return fc
    .tuple(part(...schemes), part(...SECRETS), part(...HOSTS), part(...PATHS))
    .map(([scheme, secret, host, path]) => `${scheme}${secret}${host}${path}`);
}

/** Names of files, none of which leads out of the directory. */
function names(directory: string): fc.Arbitrary<string> {
  const name = fc.oneof(
    fc.constantFrom(
      CANARY,
      `${CANARY}/${CANARY}`,
      'x'.repeat(300),
      ' a',
      'a ',
      'a\0b',
      'a?mode=memory',
      '%00',
      'a#b',
      '\uD800',
      '~',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }).map((it) => it.replaceAll(/[./]/g, '_')),
  );
  return name.map((it) => join(directory, it));
}

const small: fc.Arbitrary<Made> = plain(fc.constantFrom(0, 1, 5, 100));
const name = plain(fc.constantFrom('p_', 'a', CANARY, '"; drop table x; --', 'x'.repeat(70)));
const mode = plain(fc.constantFrom('auto', 'verify', 'off'));
const token = plain(fc.constantFrom(CANARY, `${CANARY}\n`, `ü${CANARY}`, ''));

type Open = (options: never) => { close(): Promise<void> } | Promise<{ close(): Promise<void> }>;

/** Without what has no bound of its own, or would leave the scratch directory. */
function isBounded(options: unknown): boolean {
  try {
    const { root, file, config, checkoutTimeoutMs } = (options ?? {}) as Record<string, unknown>;
    const leads = [root, file, (config as Record<string, unknown> | undefined)?.['url']];
    const outside = leads.some(
      (it) => typeof it === 'string' && !it.includes('holdfast-') && !/^(?:[a-z]+:\/\/|:memory:$)/.test(it),
    );
    return !outside && (checkoutTimeoutMs === undefined || Number(checkoutTimeoutMs) <= 1000);
  } catch {
    return true;
  }
}

test('what opens a filesystem: whatever the options are', async (context) => {
  const scratch = await makeScratchDirectory(`fuzz-${CANARY}`);
  await using _ = scratch;
  const file = plain(
    fc.oneof(names(scratch.path), fc.constantFrom(':memory:', '', ':memory:?cache=shared', 'file::memory:')),
  );
  const url = plain(
    fc.oneof(
      urls(['http://', 'https://', 'ws://', 'libsql://', 'ftp://', 'http:']),
      names(scratch.path).map((it) => `file:${it}`),
      fc.constantFrom(':memory:', 'file://remote/a', 'http://'),
    ),
  );
  const connectionString = plain(urls(['postgres://', 'postgresql://', 'http://', 'socket:', '']));
  const openings: Readonly<Record<string, readonly [Open, fc.Arbitrary<Made>]>> = {
    memory: [openMemory, record({ maxBodyBytes: small })],
    sqlite: [openSqlite, record({ file, tablePrefix: name, migrate: mode, maxBodyBytes: small, busyTimeoutMs: small })],
    localDisk: [
      openLocalDisk,
      record({ root: plain(names(scratch.path)), create: plain(fc.boolean()), maxBodyBytes: small }),
    ],
    libsql: [
      openLibsql,
      record({
        config: record({ url, authToken: token, encryptionKey: token, concurrency: small }),
        tablePrefix: name,
        busyTimeoutMs: small,
      }),
    ],
    postgres: [
      openPostgres,
      record({
        config: record({
          connectionString,
          host: plain(fc.constant('127.0.0.1')),
          port: plain(fc.constant(1)),
          password: token,
          max: small,
        }),
        schema: name,
        tablePrefix: name,
        checkoutTimeoutMs: plain(fc.constantFrom(1, 50)),
      }),
    ],
  };
  const input = fc
    .constantFrom(...Object.values(openings))
    .chain(([open, options]) =>
      fc.tuple(fc.constant(open), fc.oneof({ weight: 9, arbitrary: options }, { weight: 1, arbitrary: hostile })),
    );
  const problem = await fuzz(context, {
    where: 'what opens',
    inputs: 10_000,
    describe: ([open, options]) => `${open.name} ${options.name}`,
    arbitrary: input,
    attempt: async ([open, options]) => {
      const given = options.make();
      if (!isBounded(given)) return;
      const store = await open(given as never);
      await store.close();
    },
  });
  expect(problem).toBe('');
});
