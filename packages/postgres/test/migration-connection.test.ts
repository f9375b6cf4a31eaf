import pg from 'pg';
import { expect, test } from 'vitest';
import { NO_DEADLINE } from '@holdfast/sql';
import { Checkouts } from '../src/checkouts.ts';
import { PostgresMigrationConnection } from '../src/migration-connection.ts';
import { rejection } from './support/rejection.ts';
import { testDatabase } from './support/scratch-schema.ts';

test('a commit that the server answers with a rollback is a failure, and nothing was applied', async () => {
  const pool = new pg.Pool({ connectionString: testDatabase() });
  try {
    const checkouts = new Checkouts({ pool, timeoutMs: 5000 });
    await checkouts.run(NO_DEADLINE, async (lease) => {
      const connection = new PostgresMigrationConnection(lease);
      await connection.begin();
      await rejection(connection.execute('select 1 / 0', []));
      expect(await rejection(connection.commit())).toMatchObject({ code: 'BACKEND_FAILED', outcome: 'not-applied' });
      await connection.begin();
      expect(await connection.execute('select $1::text as given', ['x'])).toEqual([{ given: 'x' }]);
      await connection.commit();
    });
  } finally {
    await pool.end();
  }
});

test.each([
  ['none', {}, '30s'],
  ['a longer one', { lock_timeout: 40_000 }, '30s'],
  ['a shorter one', { lock_timeout: 7000 }, '7s'],
])('a migration waits 30 s for locks, unless the connection says less: %s', async (_, timeout, waits) => {
  const pool = new pg.Pool({ connectionString: testDatabase(), ...timeout });
  try {
    const checkouts = new Checkouts({ pool, timeoutMs: 5000 });
    await checkouts.run(NO_DEADLINE, async (lease) => {
      const connection = new PostgresMigrationConnection(lease);
      await connection.begin();
      expect(await connection.execute('show lock_timeout', [])).toEqual([{ lock_timeout: waits }]);
      await connection.rollBack();
    });
  } finally {
    await pool.end();
  }
});

test('a transaction whose lock is not to be had is rolled back', async () => {
  const holder = new pg.Client({ connectionString: testDatabase() });
  await holder.connect();
  const pool = new pg.Pool({ connectionString: testDatabase(), lock_timeout: 20 });
  try {
    const checkouts = new Checkouts({ pool, timeoutMs: 5000 });
    await holder.query('select pg_advisory_lock(3853314791062309107)');
    await checkouts.run(NO_DEADLINE, async (lease) => {
      const connection = new PostgresMigrationConnection(lease);
      expect(await rejection(connection.begin())).toMatchObject({ code: 'BUSY', outcome: 'not-applied' });
      expect(lease.inTransaction).toBe(false);
    });
  } finally {
    await holder.end();
    await pool.end();
  }
});
