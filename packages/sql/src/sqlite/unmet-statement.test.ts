import { DatabaseSync } from 'node:sqlite';
import { parsePath } from '@holdfast/core';
import { mintVersion } from '@holdfast/core/adapter';
import { afterAll, expect, test } from 'vitest';
import type { SqlRow } from '../driver.ts';
import type { WriteGroup } from '../group.ts';
import { checkMember, deleteMember } from '../group-members.ts';
import { nameTables } from '../schema/tables.ts';
import { createStatements } from '../statements/statements.ts';
import { sqliteProfile } from './sqlite-profile.ts';
import { unmetStatement } from './unmet-statement.ts';

const tables = nameTables({}, sqliteProfile);
const statements = createStatements(sqliteProfile, tables);
const unmet = unmetStatement(sqliteProfile, tables);
const database = new DatabaseSync(':memory:');
const version = mintVersion();
database.exec(`create table ${tables.entries} (path text primary key, version text not null) strict`);
database.prepare(`insert into ${tables.entries} values (?, ?)`).run('/there', version);
afterAll(() => database.close());

const there = checkMember(statements, '/there', { version });
const absent = checkMember(statements, '/absent', 'absent');
const stale = checkMember(statements, '/there', { version: mintVersion() });
const gone = checkMember(statements, '/absent', { version });
const any = deleteMember(statements, { path: parsePath('/there'), expectation: 'any' });

const cases: readonly (readonly [WriteGroup, readonly number[]])[] = [
  [[there, absent, any], []],
  [[any], []],
  [[stale], [0]],
  [
    [there, gone, absent, any, stale, checkMember(statements, '/there', 'absent')],
    [1, 4, 5],
  ],
];

test.each(cases)('it finds what does not hold (%#)', (group, expected) => {
  const { text, value } = unmet.query(group);
  expect(unmet.placesIn(database.prepare(text).all(value) as SqlRow[])).toEqual(expected);
});

test.each(cases)('its guard fails with what does not hold, and only then (%#)', (group, expected) => {
  const { text, value } = unmet.guard(group);
  let message = '';
  try {
    database.prepare(text).all(value);
  } catch (error) {
    ({ message } = error as Error);
  }
  expect(unmet.placesInMessage(message) ?? []).toEqual(expected);
});

test('the message of another error is that of no guard', () => {
  expect(unmet.placesInMessage("bad JSON path: 'x'")).toBe(undefined);
});

test('every member is one seek of the primary key', () => {
  const { text } = unmet.guard([there]);
  const plan = database.prepare(`explain query plan ${text}`).all('[]');
  expect(plan.map(({ detail }) => String(detail).split(' ')[0])).toEqual(['SCAN', 'SEARCH']);
});
