import { sql, type RawBuilder } from 'kysely';
import type { SqlFunction, SqlProfile } from '../profile.ts';

/** The functions and operators of a dialect, as parts of statements that are written as text. */
export interface Words {
  /** Calls a function. An argument that is no SQL is a parameter. */
  call<T>(name: SqlFunction, ...given: readonly unknown[]): RawBuilder<T>;
  /** One operation in parentheses: a qualified operator binds no tighter than its neighbours. */
  binary<T>(left: unknown, symbol: string, right: unknown): RawBuilder<T>;
}

/** The {@link Words} of a dialect. */
export function wordsOf({ functions, operator }: Pick<SqlProfile, 'functions' | 'operator'>): Words {
  return {
    call: (name, ...given) => sql`${sql.raw(functions[name])}(${sql.join(given)})`,
    binary: (left, symbol, right) => sql`(${left} ${sql.raw(operator(symbol))} ${right})`,
  };
}
