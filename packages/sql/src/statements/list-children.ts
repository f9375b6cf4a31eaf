import { childPrefix, type ListRequest } from '@holdfast/core/adapter';
import type { DirectoryPath } from '@holdfast/core';
import { sql, type RawBuilder } from 'kysely';
import { afterChildKey, childKey, childKeySql } from './child-key.ts';
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
 * The statement behind `list`. Its rows have `name`, `is_entry` and `is_prefix` (0 or 1), ordered by name.
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
        ${behindPrefix(child)} as name,
        case when ${binary(found, '=', child)} then 1 else 0 end as is_entry,
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
