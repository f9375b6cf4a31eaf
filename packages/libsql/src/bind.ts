import type { SqlQuery } from '@holdfast/sql';
import type { LibsqlStatement, LibsqlValue } from './client.ts';

/**
 * A statement with its values as the driver should bind them. It binds every `number` as REAL, which `limit`
 * refuses unless it is whole and which compares unlike an integer beyond 2^53; so integers go as `bigint`.
 */
export function bind(sql: string, values: readonly unknown[]): LibsqlStatement {
  return { sql, args: values.map(bindable) };
}

/** A query of the shared statements, bound. */
export function bindQuery({ statement, values }: SqlQuery): LibsqlStatement {
  return bind(statement.text, values);
}

function bindable(value: unknown): LibsqlValue {
  return Number.isInteger(value) ? BigInt(value as number) : (value as LibsqlValue);
}
