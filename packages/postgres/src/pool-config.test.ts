import { isHoldfastError, type HoldfastError } from '@holdfast/core';
import type { PoolConfig } from 'pg';
import { expect, test } from 'vitest';
import { checkPoolConfig, checkSaysWhere } from './pool-config.ts';

const config = (value: unknown): PoolConfig => value as PoolConfig;

function typedThrow(run: () => void): HoldfastError {
  try {
    run();
  } catch (error) {
    if (isHoldfastError(error)) return error;
    throw error;
  }
  throw new Error('expected an error, but the function returned');
}

test.each([
  ['connectionString', 5],
  ['connectionString', 'canary'],
  ['connectionString', { href: 'postgres://h' }],
  ['host', 5],
  ['user', 5],
  ['database', ['canary']],
  ['options', {}],
  ['application_name', 5],
  ['client_encoding', true],
  ['user', 'canary\0'],
  ['password', 5],
  ['password', { canary: 1 }],
  ['port', 'canary'],
  ['port', 65_536],
  ['max', 0],
])('a %s that is %j is refused by its name, and not shown', (key, value) => {
  const error = typedThrow(() => checkPoolConfig('config', config({ [key]: value })));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(error.message).toMatch(new RegExp(`^config\\.${key} must be .*; got `));
  expect(error.message).not.toContain('canary');
});

test.each<[object]>([
  [{ connectionString: 'postgres://u:p@h:1/d?sslmode=disable' }],
  [{ connectionString: 'socket:/run/postgresql?db=d' }],
  [{ connectionString: '/run/postgresql d' }],
  [{ host: 'h', user: undefined, port: '5433', database: '', password: async () => 'p', max: 3 }],
])('%j is taken', (value) => {
  expect(() => checkPoolConfig('config', config(value))).not.toThrow();
});

test.each<[object, object]>([
  [{}, {}],
  [{ max: 3, ssl: true }, {}],
  [{ connectionString: undefined }, {}],
  [{ connectionString: '' }, {}],
  [{ connectionString: undefined, user: 'u', database: 'd' }, {}],
  [{ host: undefined, user: 'u' }, {}],
  [{ connectionString: undefined }, { PGUSER: 'u' }],
])('%j with %j in the environment says nothing of a host, which is not taken for this one', (value, environment) => {
  expect(typedThrow(() => checkSaysWhere(config(value), { ...environment }))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(/^config must say where the database is/) as string,
  });
});

test.each<[object, object]>([
  [{ connectionString: 'postgres://h' }, {}],
  [{ host: 'localhost' }, {}],
  [{ connectionString: undefined, host: 'localhost' }, {}],
  [{ user: 'u', database: 'd' }, {}],
  [{}, { PGHOST: '/run/postgresql' }],
  [{ connectionString: undefined }, { PGHOST: 'h' }],
  [{ max: 3 }, { PGUSER: 'u', PGDATABASE: 'd' }],
])('%j with %j in the environment says enough', (value, environment) => {
  expect(() => checkSaysWhere(config(value), { ...environment })).not.toThrow();
});

test('a key of config that is given one level too high is told where it belongs', async () => {
  const { openPostgres } = await import('./open-postgres.ts');
  await expect(openPostgres({ connectionString: 'postgres://h' } as never)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('unknown key connectionString (it belongs into config)') as string,
  });
});
