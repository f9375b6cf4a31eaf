import pg from 'pg';
import { expect, test } from 'vitest';
import { checkOut } from '../src/lease.ts';
import { PostgresMigrationConnection } from '../src/migration-connection.ts';
import { NO_DEADLINE } from '../src/no-deadline.ts';
import { rejection } from './support/rejection.ts';
import { testDatabase } from './support/scratch-schema.ts';

test('a commit that the server answers with a rollback is a failure, and nothing was applied', async () => {
  const pool = new pg.Pool({ connectionString: testDatabase() });
  try {
    const lease = await checkOut(pool, { context: NO_DEADLINE, timeoutMs: 5000 });
    const connection = new PostgresMigrationConnection(lease);
    await connection.begin();
    await rejection(connection.execute('select 1 / 0', []));
    expect(await rejection(connection.commit())).toMatchObject({ code: 'BACKEND_FAILED', outcome: 'not-applied' });
    await connection.begin();
    expect(await connection.execute('select $1::text as given', ['x'])).toEqual([{ given: 'x' }]);
    await connection.commit();
    lease.release();
  } finally {
    await pool.end();
  }
});
