import { DatabaseSync } from 'node:sqlite';
import { parsePath, type Version } from '@holdfast/core';
import { mintVersion, type PutRequest } from '@holdfast/core/adapter';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SqlRow } from '../driver.ts';
import type { GroupResult, WriteGroup } from '../group.ts';
import { checkMember, deleteMember, putMember } from '../group-members.ts';
import { nameTables } from '../schema/tables.ts';
import { createStatements } from '../statements/statements.ts';
import { groupStatements, type StatementResult } from './group-statements.ts';
import { sqliteProfile } from './sqlite-profile.ts';

const tables = nameTables({}, sqliteProfile);
const statements = createStatements(sqliteProfile, tables);
const groups = groupStatements(sqliteProfile, tables);
const version = mintVersion();
let database: DatabaseSync;

beforeEach(() => {
  database = new DatabaseSync(':memory:');
  database.exec(`create table ${tables.entries} (
    path text primary key, kind text, content_type text not null, indexed text, version text not null, body blob not null
  ) strict`);
  write([put('/there', 'any', version), put('/there2', 'any', version)]);
});
afterEach(() => database.close());

function put(path: string, expectation: PutRequest['expectation'], as = mintVersion()) {
  const entry = { kind: undefined, contentType: 'a/b', indexed: undefined, body: new Uint8Array([1]) };
  return putMember(statements, { path: parsePath(path), entry, expectation, version: as });
}

const remove = (path: string, expectation: 'any' | { readonly version: Version }) =>
  deleteMember(statements, { path: parsePath(path), expectation });
const check = (path: string, expectation: 'absent' | { readonly version: Version }) =>
  checkMember(statements, path, expectation);
const stale = { version: mintVersion() };

/** Runs the statements of a group, without looking at the answer to any before the last. */
function write(group: WriteGroup): GroupResult | undefined {
  const results = groups.statementsOf(group).map(({ text, values }): StatementResult => {
    const prepared = database.prepare(text);
    if (/^\s*select/.test(text)) return { rows: prepared.all(...values), rowsAffected: 0 };
    return { rows: [], rowsAffected: Number(prepared.run(...values).changes) };
  });
  return groups.resultOf(group, results);
}

function paths(): unknown[] {
  return database
    .prepare(`select path from ${tables.entries} order by path`)
    .all()
    .map(({ path }) => path);
}

test.each<readonly [WriteGroup, readonly number[]]>([
  [[check('/there', { version }), check('/absent', 'absent'), remove('/there', 'any')], []],
  [[remove('/there', 'any')], []],
  [[check('/there', stale)], [0]],
  [
    [
      check('/there', { version }),
      check('/absent', { version }),
      check('/absent2', 'absent'),
      remove('/there', 'any'),
      check('/there2', stale),
      check('/there', 'absent'),
    ],
    [1, 4, 5],
  ],
])('it finds what does not hold (%#)', (group, expected) => {
  const { text, values } = groups.look(group);
  expect(groups.seenIn(database.prepare(text).all(...values) as SqlRow[]).unmet).toEqual(expected);
});

test('a group lands as a whole and tells what each member changed', () => {
  const answer = write([
    remove('/there', { version }),
    check('/absent', 'absent'),
    put('/a', 'absent'),
    remove('/nothing', 'any'),
    put('/b', 'any'),
    put('/there2', { version }),
  ]);
  expect(answer).toEqual({ changed: [1, 0, 1, 0, 1, 1] });
  expect(paths()).toEqual(['/a', '/b', '/there2']);
  expect(write([remove('/a', 'any'), remove('/nothing', 'any'), check('/there', 'absent')])).toEqual({
    changed: [1, 0, 0],
  });
  expect(paths()).toEqual(['/b', '/there2']);
});

test.each<readonly [string, WriteGroup, readonly number[]]>([
  ['the first put', [put('/there', 'absent'), put('/a', 'any'), remove('/there2', 'any')], [0]],
  ['the last put', [put('/a', 'absent'), put('/b', 'any'), put('/there', stale), remove('/there2', 'any')], [2]],
  ['a check', [put('/a', 'absent'), remove('/there', 'any'), check('/there2', 'absent')], [2]],
  ['a delete that expects', [put('/a', 'absent'), remove('/there', { version }), remove('/gone', stale)], [2]],
  // What was found absent must not look as if an earlier statement had deleted it.
  ['the first of deletes', [remove('/gone', stale), remove('/there', { version })], [0]],
  ['the last of deletes', [remove('/there', { version }), remove('/there2', 'any'), remove('/gone', stale)], [2]],
])('where %s does not hold, nothing lands', (_, group, unmet) => {
  expect(write(group)).toEqual({ unmet });
  expect(paths()).toEqual(['/there', '/there2']);
});

test('what is no answer to the statements is no result', () => {
  const group: WriteGroup = [put('/a', 'absent'), remove('/there', 'any')];
  const looked = { rows: [{ unmet: null, there: '1' }], rowsAffected: 0 };
  const results = (...counts: number[]) => [looked, ...counts.map((rowsAffected) => ({ rows: [], rowsAffected }))];
  expect(groups.resultOf(group, results(1, 1))).toEqual({ changed: [1, 1] });
  expect(groups.resultOf(group, results(1, 0))).toBe(undefined);
  expect(groups.resultOf(group, [])).toBe(undefined);
});

test('every member is one seek of the primary key', () => {
  const plans = groups
    .statementsOf([put('/a', 'absent'), put('/b', 'absent'), remove('/c', 'any'), check('/d', 'absent')])
    .map(({ text, values }) => database.prepare(`explain query plan ${text}`).all(...values));
  const scanned = plans
    .flat()
    .map(({ detail }) => String(detail))
    .filter((detail) => detail.startsWith('SCAN') && !/json_each|CONSTANT ROW|member|VIRTUAL/.test(detail));
  expect(scanned).toEqual([]);
});
