import { DummyDriver, Kysely, sql, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { expect, test } from 'vitest';
import { compileStatement } from './statement.ts';

const db = new Kysely<{ t: { a: string; b: number } }>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (any) => new SqliteIntrospector(any),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

test('values are bound by name, in the order of the placeholders, as often as they are used', () => {
  const statement = compileStatement<{ readonly a: string; readonly b: number }>('s', ({ a, b }) =>
    db.selectFrom('t').select('a').where('b', '>', b).where('a', '=', a).where('b', '<>', b),
  );
  expect(statement.text).toBe('select "a" from "t" where "b" > ? and "a" = ? and "b" <> ?');
  expect(statement.query({ a: 'x', b: 7 })).toEqual({ statement, values: [7, 'x', 7], path: undefined });
});

test('a query says which path it is about', () => {
  const statement = compileStatement<{ readonly path: string }>('s', ({ path }) =>
    db.selectFrom('t').select('a').where('a', '=', path),
  );
  expect(statement.query({ path: '/x' }).path).toBe('/x');
});

test('a value in the text of a statement is a mistake that shows when it is built', () => {
  const build = () => compileStatement('s', () => db.selectFrom('t').select('a').where('b', '=', 7));
  expect(build).toThrow('a statement may only have named parameters');
  const literal = compileStatement('s', () => db.selectFrom('t').select(sql.lit(7).as('a')));
  expect(literal.text).toBe('select 7 as "a" from "t"');
});
