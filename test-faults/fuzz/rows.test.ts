import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { CasApply, casUpdate, commit, getMany, jsonCodec, listAll, records, type RootFilesystem } from '@holdfast/core';
import { openPostgres } from '@holdfast/postgres';
import { openSqlite } from '@holdfast/sqlite';
import { makeScratchDirectory } from '@holdfast/test-support';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import pg from 'pg';
import { expect, test } from 'vitest';
import { fuzz, problemOf } from './machine/fuzz.ts';
import { CANARY } from './machine/hostile.ts';

const codec = jsonCodec<unknown>({ kind: 'k' });
const entry = { body: new TextEncoder().encode('1'), kind: 'k', contentType: 'application/json' };
const COLUMNS = ['path', 'kind', 'content_type', 'indexed', 'version', 'body'] as const;

const text = fc.oneof(
  fc.constantFrom(
    CANARY,
    '',
    ' ',
    '__proto__',
    `{"${CANARY}":1}`,
    '{"a":1e999}',
    '[1]',
    '{"__proto__":1}',
    'null',
    'k',
    '/',
    '/x',
    '/d/',
    '/d//a',
    '/d/../a',
    '/D',
    'any',
    '\u0085',
    'x'.repeat(2000),
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const anything = fc.oneof(
  text,
  fc.constant(null),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.uint8Array({ maxLength: 12 }).map((it) => Buffer.from(it)),
);
const tampering = fc.record({
  column: fc.constantFrom(...COLUMNS),
  value: anything,
  rest: fc.uniqueArray(fc.tuple(fc.constantFrom(...COLUMNS), anything), { maxLength: 2, selector: ([it]) => it }),
});

async function drain(it: AsyncIterable<unknown>): Promise<void> {
  for await (const _step of it);
}

/** Every way to read what is there, and those writes that read it first. */
const USES: readonly ((fs: RootFilesystem) => Promise<unknown>)[] = [
  (fs) => fs.get('/d/a'),
  (fs) => getMany(fs, ['/d/a', '/d/b', '/d/a']),
  (fs) => fs.list('/d'),
  (fs) => fs.list('/'),
  (fs) => drain(listAll(fs, '/', { pageSize: 1 })),
  (fs) => drain(fs.entries('/', { pageSize: 1 })),
  (fs) => drain(records(fs, '/d', codec)),
  (fs) => casUpdate(fs, '/d/a', codec, (it) => CasApply.write([it]), { timeoutMs: 2000, maxAttempts: 3 }),
  (fs) => commit(fs, [{ check: '/d/a', expectation: 'absent' }]),
  (fs) => fs.delete('/d/a', 'any'),
];

/** Uses a store in every way, and looks at every error. */
async function useAll(fs: RootFilesystem): Promise<void> {
  let first: unknown;
  for (const use of USES) {
    try {
      await use(fs);
    } catch (error) {
      const problem = problemOf(error);
      if (problem !== undefined) throw new TypeError(`${use.toString()}: ${problem}`, { cause: error });
      first ??= error;
    }
  }
  if (first !== undefined) throw first;
}

test('SQLite: whatever somebody wrote into a row', async (context) => {
  await using scratch = await makeScratchDirectory('fuzz');
  const file = join(scratch.path, 'a.db');
  await using store = await openSqlite({ file });
  const raw = new Database(file);
  const problem = await fuzz(context, {
    where: 'rows of SQLite',
    inputs: 3000,
    describe: (it) => inspect(it),
    arbitrary: tampering,
    attempt: async ({ column, value, rest }) => {
      raw.prepare('delete from holdfast_entries').run();
      await commit(
        store,
        ['/d/a', '/d/b', '/e'].map((put) => ({ put, entry, expectation: 'any' as const })),
      );
      for (const [name, it] of [[column, value] as const, ...rest]) {
        try {
          raw.prepare(`update holdfast_entries set ${name} = ? where path = '/d/a'`).run(it);
        } catch {
          // The table does not take it.
        }
      }
      await useAll(store);
    },
  });
  expect(problem).toBe('');
  raw.close();
});

test('PostgreSQL: whatever somebody wrote into a row', async (context) => {
  const connectionString = process.env['HOLDFAST_POSTGRES_URL'] ?? '';
  const schema = `test_${randomBytes(6).toString('hex')}`;
  const raw = new pg.Client({ connectionString });
  await raw.connect();
  try {
    await using store = await openPostgres({ config: { connectionString }, schema });
    const problem = await fuzz(context, {
      where: 'rows of PostgreSQL',
      inputs: 1500,
      describe: (it) => inspect(it),
      arbitrary: tampering,
      attempt: async ({ column, value, rest }) => {
        await raw.query(`delete from ${schema}.holdfast_entries`);
        await commit(
          store,
          ['/d/a', '/d/b', '/e'].map((put) => ({ put, entry, expectation: 'any' as const })),
        );
        for (const [name, it] of [[column, value] as const, ...rest]) {
          // What the table does not take, it refuses.
          await raw
            .query(`update ${schema}.holdfast_entries set ${name} = $1 where path = '/d/a'`, [it])
            .catch(() => {});
        }
        await useAll(store);
      },
    });
    expect(problem).toBe('');
  } finally {
    await raw.query(`drop schema ${schema} cascade`);
    await raw.end();
  }
});
