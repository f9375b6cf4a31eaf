import { childPrefix, compareCodePoints, isSegment, type ListRequest } from '@holdfast/core/adapter';
import { HoldfastError, type Child, type DirectoryPath } from '@holdfast/core';
import { sql, type RawBuilder } from 'kysely';
import { afterChildKey, childKey, childKeySql, childOf } from './child-key.ts';
import type { SqlRow } from '../driver.ts';
import { decodeText } from '../rows/text.ts';
import type { Compiler } from './compiler.ts';
import { compileStatement, type SqlQuery, type SqlStatement } from './statement.ts';
import { wordsOf } from './words.ts';

interface ListParameters {
  readonly prefix: string;
  readonly from: string;
  readonly below: string;
  readonly limit: number;
  readonly [name: string]: string | number;
}

/** The direct children of a directory in one statement. */
export type ListChildren = (directory: DirectoryPath, request: ListRequest) => SqlQuery;

/**
 * The statement behind `list`. Its rows have the least `child_key` of each child, in order, and `is_prefix`: whether
 * (1) or not (0) anything lies below the child. What is cut out of a key that is not UTF-8 may look as if nothing was
 * wrong with it, so {@link decodeChildren} is given the whole.
 *
 * It walks the index of child keys: from the least key behind a child to the least key behind everything below
 * that, one index seek for each child and one more to see whether anything lies below it. So the cost follows
 * the page and not the subtree.
 */
export function listChildren(compiler: Compiler): ListChildren {
  const statement = compile(compiler);
  return (directory, { after, limit }) => {
    const prefix = childKey(childPrefix(directory));
    return statement.query({
      prefix,
      from: after === undefined ? prefix : afterChildKey(prefix + after),
      below: afterChildKey(prefix.slice(0, -1)),
      limit,
    });
  };
}

/**
 * The children that the rows of a {@link ListChildren} are.
 *
 * @throws HoldfastError `CORRUPT` when they are not what it answers in a database that is sound
 */
export function decodeChildren(directory: DirectoryPath, after: string | undefined, rows: readonly SqlRow[]): Child[] {
  const prefix = childKey(childPrefix(directory));
  let before = after;
  return rows.map((row) => {
    const key = decodeText(row['child_key']);
    const child = typeof key === 'string' && key.startsWith(prefix) ? childOf(key.slice(prefix.length)) : undefined;
    if (child === undefined || !isSegment(child.name)) throw corrupt('a row has a path that no adapter writes');
    const { name, isEntry } = child;
    if (before !== undefined && compareCodePoints(name, before) <= 0) throw corrupt('a row is not where it belongs');
    before = name;
    return { name, isEntry, isPrefix: !isEntry || Number(row['is_prefix']) === 1 };
  });
}

function corrupt(message: string): HoldfastError {
  return new HoldfastError('CORRUPT', message);
}

function compile({ db, entriesSql, profile }: Compiler): SqlStatement<ListParameters> {
  const { key, separator, afterSeparator } = childKeySql(profile);
  const { call, binary } = wordsOf(profile);
  const one = sql.lit(1);
  const [found, child, number] = [sql.raw('found'), sql.raw('child'), sql.raw('number')];
  return compileStatement<ListParameters>('list', ({ prefix, from, below, limit }) => {
    const keysIn = (least: unknown, end: unknown): RawBuilder<string> =>
      sql`select ${key} from ${entriesSql} where ${binary(key, '>=', least)} and ${binary(key, '<', end)}`;
    const leastKey = (least: unknown): RawBuilder<string> => sql`(${keysIn(least, below)} order by ${key} limit 1)`;
    const behindPrefix = (text: unknown) => call('substring', text, binary(call('length', prefix), '+', one));
    // The child that a key is, or lies below: what it has up to the first separator behind the prefix.
    const lengthOfName = call('position', binary(behindPrefix(found), '||', separator), separator);
    const lengthOfChild = binary(binary(call('length', prefix), '-', one), '+', lengthOfName);
    const childOfFound = call('substring', found, one, lengthOfChild);
    const belowChild = keysIn(binary(child, '||', separator), binary(child, '||', afterSeparator));
    return compilable(sql`
      with recursive walk (found, number) as (
        select ${leastKey(from)}, 1
        union all
        select ${leastKey(binary(childOfFound, '||', afterSeparator))}, ${binary(number, '+', one)}
        from walk where found is not null and ${binary(number, '<', limit)}
      )
      select
        ${profile.readText(found, 'any')} as child_key,
        case
          when ${binary(found, '<>', child)} then 1
          when exists (${belowChild}) then 1
          else 0
        end as is_prefix
      from (select found, ${childOfFound} as child, number from walk where found is not null) as children
      order by number
    `);
  });

  function compilable(statement: RawBuilder<unknown>) {
    return { compile: () => statement.compile(db) };
  }
}
