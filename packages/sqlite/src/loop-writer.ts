import { clock } from '@holdfast/core/adapter';
import type { WriteGroup } from '@holdfast/sql';
import type { BatchWriter, Written } from './batch-writer.ts';
import type { SqliteConnection } from './connection.ts';
import { runGroups } from './run-groups.ts';
import { resultsOf } from './transactions.ts';

/** Runs transactions on the event loop, on the connection that reads as well. */
export class LoopWriter implements BatchWriter {
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  write(groups: readonly WriteGroup[]): Written {
    const began = clock.now();
    const results = this.#connection.exclusively(() => resultsOf(runGroups(this.#connection, groups)));
    return { results, heldMs: clock.now() - began };
  }

  async close(): Promise<void> {}
}
