import type { SqliteDatabase, SqliteStatement } from './database.ts';

/** The prepared statements of a connection: each is made on first use, and kept. */
export class PreparedStatements {
  readonly #database: Pick<SqliteDatabase, 'prepare'>;
  readonly #known = new Map<string, SqliteStatement>();

  constructor(database: Pick<SqliteDatabase, 'prepare'>) {
    this.#database = database;
  }

  /** The prepared form of a statement. */
  get(text: string): SqliteStatement {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const made = this.#database.prepare(text);
    this.#known.set(text, made);
    return made;
  }

  /** Lets go of all of them. */
  clear(): void {
    this.#known.clear();
  }
}
