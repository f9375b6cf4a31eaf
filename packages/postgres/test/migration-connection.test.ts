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
