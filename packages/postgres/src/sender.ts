import { createHash } from 'node:crypto';
import type { OperationContext } from '@holdfast/core/adapter';
import type { SqlQuery, SqlRow } from '@holdfast/sql';
import type { QueryConfig, QueryResult } from 'pg';
import type { Checkouts } from './checkouts.ts';
import { untilThrough } from './through.ts';

/** What is known when a statement was run. */
export interface Answer {
  readonly rows: readonly SqlRow[];
  /** How many rows it changed. */
  readonly changed: number;
}

/** A statement that is made when there is a connection for it, and again when others got in the way. */
export interface Sending {
  make(): QueryConfig;
  /** Told each time before it waits for a connection. */
  onWait?(): void;
}

/** Sends statements on the connections of a pool, each a transaction of its own. */
export class Sender {
  readonly #checkouts: Checkouts;
  readonly #preparedStatements: boolean;
  /** By text, which the statements keep, and then by name. */
  readonly #names = new Map<string, Map<string, string>>();

  constructor(checkouts: Checkouts, { preparedStatements }: { readonly preparedStatements: boolean }) {
    this.#checkouts = checkouts;
    this.#preparedStatements = preparedStatements;
  }

  /**
   * One round trip, and one more for each time that others got in the way: who pauses has no connection meanwhile. Of a text of
   * two statements it answers what the first did.
   */
  async send({ make, onWait }: Sending, context: OperationContext): Promise<Answer> {
    const result: QueryResult<SqlRow> = await untilThrough(() => {
      onWait?.();
      return this.#checkouts.run(context, (lease) => lease.queryAlone(make()));
    }, context);
    const first = (Array.isArray(result) ? result[0] : result) as QueryResult<SqlRow> | undefined;
    return { rows: first?.rows ?? [], changed: first?.rowCount ?? 0 };
  }

  /** Sends one of the statements of all adapters. */
  sendQuery({ statement: { name, text }, values }: SqlQuery, context: OperationContext): Promise<Answer> {
    return this.send({ make: () => this.#named({ text, values: [...values] }, name) }, context);
  }

  /** A statement whose plan is kept for tables of one size; planned each time where that is not known. */
  plannedFor(size: string | undefined, name: string, config: QueryConfig): QueryConfig {
    return size === undefined ? config : this.#named(config, name + size);
  }

  /** The same text has the same name on every connection, and other texts have others, whoever else uses the pool. */
  #named(config: QueryConfig, name: string): QueryConfig {
    if (!this.#preparedStatements) return config;
    const { text } = config;
    const names = this.#names.get(text) ?? new Map<string, string>();
    this.#names.set(text, names);
    let unique = names.get(name);
    if (unique === undefined) {
      const digest = createHash('sha256').update(text).digest('hex');
      unique = `holdfast_${name}_${digest.slice(0, 16)}`;
      names.set(name, unique);
    }
    return { ...config, name: unique };
  }
}
