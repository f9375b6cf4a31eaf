import { mountTable, withPrefix, type RootFilesystem } from '@holdfast/core';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openPostgres } from '../src/index.ts';
import { makeScratchSchema } from './support/scratch-schema.ts';

const mount = (one: RootFilesystem, other: RootFilesystem) => () =>
  mountTable([
    { at: '/', filesystem: one },
    { at: '/secrets', filesystem: other },
  ]);

test('two instances on one table are known as one store by a mount table, and on two tables as two', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const pool = new pg.Pool({ connectionString, connectionTimeoutMillis: 10_000, max: 2 });
  try {
    await using one = await openPostgres({ config: { connectionString, max: 1 }, schema });
    await using other = await openPostgres({ pool, schema });
    expect(mount(one, other)).toThrow(/mounts at \/ and \/secrets/);
    mount(one, withPrefix(other, '/secrets'))();
    await using beside = await openPostgres({ pool, schema, tablePrefix: 'other_' });
    mount(one, beside)();
  } finally {
    await pool.end();
  }
});
