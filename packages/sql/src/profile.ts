import type { DatabaseIntrospector, DialectAdapter, Kysely, QueryCompiler, RawBuilder } from 'kysely';

/**
 * What statements call: `character` gives the character with a number, `position` of `(text, part)` the place of a part
 * in a text, counted from 1; `length`, `replace`, `substring` and `sum` are what they are in every dialect.
 */
export type SqlFunction = 'character' | 'length' | 'position' | 'replace' | 'substring' | 'sum';

/** Everything in which one SQL dialect differs from another, as far as the shared code is concerned. */
export interface SqlProfile {
  /** The parts of Kysely's dialect that are not about connections. */
  createQueryCompiler(): QueryCompiler;
  createAdapter(): DialectAdapter;
  // Kysely's own interface has it so.
  // oxlint-disable-next-line typescript/no-explicit-any
  createIntrospector(db: Kysely<any>): DatabaseIntrospector;

  readonly types: {
    /** A text type that compares by UTF-8 bytes, collation included. */
    readonly text: string;
    readonly bytes: string;
  };
  /** What stands behind the column list of `create table`, such as `strict`. */
  readonly tableOptions: string | undefined;
  /** The functions of statements, as they are called in SQL: qualified, where others could be found by the name. */
  readonly functions: Readonly<Record<SqlFunction, string>>;
  /** An operator such as `>=`, as it is written in SQL: qualified, where another could be found by the name. */
  operator(symbol: string): string;
  /**
   * A text column as statements read it: as bytes, wherever the driver would do anything but tell when it holds what is
   * not UTF-8, as it may in a damaged file. Rows are decoded from either.
   *
   * @param characters `ascii` for a column whose text is refused anyway if it has any other character in it
   */
  readText(column: RawBuilder<unknown>, characters: 'ascii' | 'any'): RawBuilder<unknown>;
  /** Which name `create index` qualifies with the schema: that of the index, or that of the table. */
  readonly schemaOfIndex: 'on-index' | 'on-table';
  /** A query for the names of all tables and indexes in a schema, in its rows' `name`, as `readText` reads them. */
  objectNames(schema: string | undefined): RawBuilder<{ readonly name: unknown }>;
  /** Whether names of tables that differ in case only are one name, quoted or not. */
  readonly foldsNames: boolean;
  /** The longest name of a table, in bytes. */
  readonly longestName: number;
  /** What the names of tables must not start with. */
  readonly reservedPrefix: RegExp | undefined;
  /** Which schemas are the database's own. */
  readonly reservedSchema: RegExp | undefined;
  /** Whether an error of the driver says that a table does not exist. */
  isMissingTable(error: unknown): boolean;
}
