import { expect, test } from 'vitest';
import { postgresProfile } from '../postgres/postgres-profile.ts';
import { sqliteProfile } from '../sqlite/sqlite-profile.ts';
import { nameTables } from './tables.ts';

const strict = { longestName: 63, reservedPrefix: undefined, reservedSchema: undefined };

test('every name starts with the prefix', () => {
  expect(nameTables({ tablePrefix: 'p_', schema: 's' }, strict)).toEqual({
    schema: 's',
    entries: 'p_entries',
    childIndex: 'p_entries_child',
    migrations: 'p_migration',
    migrationLock: 'p_migration_lock',
  });
  expect(nameTables({}, strict)).toMatchObject({ schema: undefined, entries: 'holdfast_entries' });
});

test('a prefix is refused when the database would cut one of the names short', () => {
  expect(nameTables({ tablePrefix: 'p'.repeat(49) }, strict).migrationLock).toHaveLength(63);
  expect(() => nameTables({ tablePrefix: 'p'.repeat(50) }, strict)).toThrow('at most 49 characters');
});

test('SQLite takes every prefix of 63 characters but those it reserves', () => {
  expect(nameTables({ tablePrefix: 'p'.repeat(63) }, sqliteProfile).entries).toHaveLength(70);
  expect(() => nameTables({ tablePrefix: 'SQLite_x' }, sqliteProfile)).toThrow('reserves');
});

test('a schema and a prefix that are no names are refused', () => {
  expect(() => nameTables({ schema: 'a.b' }, strict)).toThrow('schema must be');
  expect(() => nameTables({ tablePrefix: '"' }, strict)).toThrow('tablePrefix must be');
});

test.each(['pg_x', 'pg_catalog', 'pg_temp', 'information_schema'])("%s is PostgreSQL's own schema", (schema) => {
  expect(() => nameTables({ schema }, postgresProfile)).toThrow('schema must not be one that the database reserves');
  expect(nameTables({ schema: schema.toUpperCase() }, postgresProfile)).toMatchObject({ schema: schema.toUpperCase() });
});
