import { expect, test } from 'vitest';
import { postgresProfile } from '../postgres/postgres-profile.ts';
import type { SqlProfile } from '../profile.ts';
import { nameTables } from '../schema/tables.ts';
import { sqliteProfile } from '../sqlite/sqlite-profile.ts';
import { createStatements } from './statements.ts';

function texts(profile: SqlProfile, schema?: string): Record<string, string> {
  const { list, ...statements } = createStatements(profile, nameTables({ tablePrefix: 'p_', schema }, profile));
  const { text } = list('/', { after: undefined, limit: 1 }).statement;
  return { ...Object.fromEntries(Object.values(statements).map((it) => [it.name, it.text])), list: text };
}

test('every statement names the table quoted, with its prefix, and qualified where there is a schema', () => {
  for (const text of Object.values(texts(sqliteProfile))) expect(tablesIn(text)).toEqual(new Set(['"p_entries"']));
  for (const text of Object.values(texts(postgresProfile, 's')))
    expect(tablesIn(text)).toEqual(new Set(['"s"."p_entries"']));
});

test('placeholders are those of the dialect', () => {
  for (const [name, text] of Object.entries(texts(sqliteProfile))) expect(`${name}: ${text}`).toMatch(/\?/);
  for (const [name, text] of Object.entries(texts(postgresProfile))) {
    expect(`${name}: ${text}`).toMatch(/\$1\b/);
    expect(`${name}: ${text}`).not.toMatch(/\?|\binstr\(|\bchar\(/);
  }
});

test('no statement matches a pattern', () => {
  for (const text of Object.values(texts(sqliteProfile))) expect(text).not.toMatch(/\b(like|glob|regexp)\b/i);
});

function tablesIn(text: string): Set<string> {
  return new Set(Array.from(text.matchAll(/\b(?:from|into|update) ((?:"\w+"\.)?"\w+")/g), ([, name = '']) => name));
}
