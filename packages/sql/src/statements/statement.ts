import type { Compilable, CompiledQuery } from 'kysely';

/** A value that every driver can bind. Not a boolean, which SQLite has none of. */
export type SqlValue = string | number | Uint8Array | null;

/** The parameters of a statement, by name. */
export type SqlParameters = Readonly<Record<string, SqlValue>>;

/** A compiled statement with its values: what a driver is asked to run. */
export interface SqlQuery {
  /** The same object for every run, to keep a prepared form by. */
  readonly statement: SqlStatement;
  /** The values for the placeholders, in their order. */
  readonly values: readonly SqlValue[];
  /** The path that the statement is about, where it is about one. */
  readonly path: string | undefined;
}

/** A statement that Kysely compiled once, when the adapter opened. */
export interface SqlStatement<P extends SqlParameters = never> {
  /** What it does, such as `putAbsent`. Unique within one adapter. */
  readonly name: string;
  /** SQL text with the placeholders of the dialect. */
  readonly text: string;
  /** The query with these values. */
  query(parameters: P): SqlQuery;
}

/** Stands where a value will be while Kysely compiles. */
class Placeholder {
  readonly parameter: string;

  constructor(parameter: string) {
    this.parameter = parameter;
  }
}

/**
 * Compiles a statement. `build` gets a placeholder for each parameter, typed as its value; a placeholder may be
 * used more than once. Compiling costs tens of microseconds, binding next to nothing.
 */
export function compileStatement<P extends SqlParameters>(
  name: string,
  build: (parameters: P) => Compilable,
): SqlStatement<P> {
  const placeholders = new Proxy({}, { get: (_target, key) => new Placeholder(String(key)) });
  const compiled = build(placeholders as P).compile();
  const order = compiled.parameters.map((value) => parameterOf(value, compiled));
  const statement: SqlStatement<P> = {
    name,
    text: compiled.sql,
    query: (parameters) => ({
      statement,
      values: order.map((key) => parameters[key] as SqlValue),
      path: parameters['path'] as string | undefined,
    }),
  };
  return Object.freeze(statement);
}

function parameterOf(value: unknown, { sql }: CompiledQuery): string {
  if (value instanceof Placeholder) return value.parameter;
  throw new TypeError(`a statement may only have named parameters: ${sql}`);
}
