import { randomBytes } from 'node:crypto';
import { CasApply, casUpdate, commit, getMany, jsonCodec, type RootFilesystem } from '@holdfast/core';
import { mintVersion } from '@holdfast/core/adapter';
import { openLibsql } from '@holdfast/libsql';
import { openPostgres } from '@holdfast/postgres';
import { openSqlite, type SqliteDatabase } from '@holdfast/sqlite';
import { createClient } from '@libsql/client';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import pg from 'pg';
import { expect, test } from 'vitest';
import { fuzz } from './machine/fuzz.ts';
import { CANARY, hostile, mostly, plain, record, type Made } from './machine/hostile.ts';

const codec = jsonCodec<unknown>({ kind: 'k' });
const entry = { body: new TextEncoder().encode('1'), kind: 'k', contentType: 'application/json' };
const limits = { timeoutMs: 100 };

/** The columns of all that is asked for, with what they may be. */
const text = plain(fc.constantFrom('/a', 'a', 'k', 'application/json', '{"a":1}', CANARY));
const number = plain(fc.constantFrom<number | bigint>(0, 1, 2, 1n, Number.NaN, -1, 2 ** 60));
const bytes = plain(fc.uint8Array({ maxLength: 4 }));
const row = record({
  path: text,
  kind: text,
  content_type: text,
  indexed: text,
  version: text,
  body: bytes,
  name: text,
  is_entry: number,
  is_prefix: number,
  place: number,
  unmet: number,
  changed: number,
});
const rows = fc.array(mostly(row), { maxLength: 3 }).map(list);

function list(made: readonly Made[]): Made {
  return { name: `[${made.map(({ name }) => name).join('; ')}]`, make: () => made.map(({ make }) => make()) };
}

async function drain(it: AsyncIterable<unknown>): Promise<void> {
  for await (const _step of it);
}

const USES: readonly ((fs: RootFilesystem) => Promise<unknown>)[] = [
  (fs) => fs.get('/a', limits),
  (fs) => Promise.all([fs.get('/a', limits), fs.get('/b', limits)]),
  (fs) => getMany(fs, ['/a', '/b', '/c'], limits),
  (fs) => fs.list('/', limits),
  (fs) => drain(fs.entries('/', { ...limits, pageSize: 2 })),
  (fs) => fs.put('/a', entry, 'any', limits),
  (fs) => fs.put('/a', entry, { version: mintVersion() }, limits),
  (fs) => Promise.all([fs.put('/a', entry, 'any', limits), fs.put('/b', entry, 'any', limits)]),
  (fs) => fs.delete('/a', 'any', limits),
  (fs) => casUpdate(fs, '/a', codec, () => CasApply.write(2), { ...limits, maxAttempts: 2 }),
  (fs) =>
    commit(
      fs,
      [
        { put: '/a', entry, expectation: 'any' },
        { delete: '/b', expectation: 'any' },
        { check: '/c', expectation: 'absent' },
      ],
      limits,
    ),
];
const use = fc.constantFrom(...USES);

/** What the driver answers from now on, in the place of what it would; `undefined` for what it would. */
interface Answers {
  instead: Made | undefined;
}

/** Tries answers with every use; after each the driver is itself again. */
function attempting(fs: RootFilesystem, answers: Answers) {
  return async ([answer, run]: readonly [Made, (fs: RootFilesystem) => Promise<unknown>]): Promise<void> => {
    answers.instead = answer;
    try {
      await run(fs);
    } finally {
      answers.instead = undefined;
    }
  };
}

test('better-sqlite3: whatever it answers', async (context) => {
  const raw = new Database(':memory:');
  const answers: Answers = { instead: undefined };
  const strange = (real: () => unknown): never =>
    (answers.instead === undefined ? real() : answers.instead.make()) as never;
  const database: SqliteDatabase = {
    get open() {
      return raw.open;
    },
    get inTransaction() {
      return raw.inTransaction;
    },
    readonly: false,
    memory: true,
    prepare(source) {
      const statement = raw.prepare(source);
      const isPlain = /^\s*(begin|commit|rollback|savepoint|release)/i.test(source);
      return {
        reader: statement.reader,
        all: (...values) => strange(() => statement.all(...values)),
        run: (...values) => (isPlain ? statement.run(...values) : strange(() => statement.run(...values))),
      };
    },
    pragma: (source, options) => raw.pragma(source, options),
    close: () => raw.close(),
  };
  const fs = await openSqlite({ database });
  const problem = await fuzz(context, {
    where: 'answers of better-sqlite3',
    inputs: 6000,
    describe: ([answer, run]) => `${answer.name} to ${run.toString()}`,
    arbitrary: fc.tuple(fc.oneof(rows, record({ changes: number }), hostile), use),
    attempt: attempting(fs, answers),
  });
  expect(problem).toBe('');
  raw.close();
});

test('@libsql/client: whatever it answers', async (context) => {
  const inner = createClient({ url: ':memory:' });
  const answers: Answers = { instead: undefined };
  const strange = async (real: () => Promise<unknown>): Promise<never> =>
    (answers.instead === undefined ? await real() : answers.instead.make()) as never;
  const client = {
    // As a client of a server, of which nothing else is known than what it answers.
    protocol: 'http',
    closed: false,
    execute: (statement: never) => strange(() => inner.execute(statement)),
    batch: (statements: never, mode: never) => strange(() => inner.batch(statements, mode)),
    transaction: (mode: never) => inner.transaction(mode),
    executeMultiple: (sql: string) => inner.executeMultiple(sql),
    reconnect: () => {},
    close: () => {},
  };
  const fs = await openLibsql({ client });
  const result = record({ rows, rowsAffected: number });
  const results = fc.array(mostly(result), { maxLength: 4 }).map(list);
  const problem = await fuzz(context, {
    where: 'answers of @libsql/client',
    inputs: 5000,
    describe: ([answer, run]) => `${answer.name} to ${run.toString()}`,
    arbitrary: fc.tuple(fc.oneof(result, results, hostile), use),
    attempt: attempting(fs, answers),
  });
  expect(problem).toBe('');
  inner.close();
});

test('pg: whatever it answers', async (context) => {
  const connectionString = process.env['HOLDFAST_POSTGRES_URL'] ?? '';
  const schema = `test_${randomBytes(6).toString('hex')}`;
  const answers: Answers = { instead: undefined };
  class Client extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config);
      const query = this.query.bind(this) as unknown as (...sent: unknown[]) => Promise<unknown>;
      Object.assign(this, {
        query: async (...sent: unknown[]) => (answers.instead === undefined ? query(...sent) : answers.instead.make()),
      });
    }
  }
  const pool = new pg.Pool({ connectionString, Client, max: 2 });
  try {
    const fs = await openPostgres({ pool, schema });
    const result = record({ rows, rowCount: number, command: text });
    const results = fc.array(mostly(result), { maxLength: 3 }).map(list);
    const problem = await fuzz(context, {
      where: 'answers of pg',
      inputs: 5000,
      describe: ([answer, run]) => `${answer.name} to ${run.toString()}`,
      arbitrary: fc.tuple(fc.oneof(result, results, hostile), use),
      attempt: attempting(fs, answers),
    });
    expect(problem).toBe('');
    await fs.close();
  } finally {
    answers.instead = undefined;
    await pool.query(`drop schema if exists ${schema} cascade`);
    await pool.end();
  }
});
