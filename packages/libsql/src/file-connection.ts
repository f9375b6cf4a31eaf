import { setImmediate as nextTurn } from 'node:timers/promises';
import { isHoldfastError } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import { type SqlRow, eventLoopTurns } from '@holdfast/sql';
import { retryWhileBusy } from './busy-retry.ts';
import type { LibsqlClient, LibsqlResult, LibsqlStatement } from './client.ts';
import type { LibsqlConnection } from './connection.ts';
import { libsqlError } from './errors.ts';
import { useWriteLane, type WriteLaneUse } from './write-lane.ts';

/** What a {@link FileConnection} works with. */
export interface FileConnectionParts {
  /** A client whose statements nobody else runs, unless the database is in memory. */
  readonly client: LibsqlClient;
  /** Whether it is ours to close. */
  readonly owned: boolean;
  /** The path as SQLite resolved it; `''` in memory. */
  readonly file: string;
  readonly busyTimeoutMs: number;
}

/**
 * A connection to a file, or to a database in memory.
 *
 * The driver leaves a statement that was `BUSY` unfinished. From then on its connection reads what was there at
 * that moment, and cannot write any more. So a write first asks for the lock in a form that the driver does
 * finish; and after every other failure the connection is replaced before anything else may use it.
 */
export class FileConnection implements LibsqlConnection {
  readonly #client: LibsqlClient;
  readonly #owned: boolean;
  readonly #inFile: boolean;
  readonly #busyTimeoutMs: number;
  readonly #line: WriteLaneUse;
  #last: Promise<void> = Promise.resolve();

  constructor({ client, owned, file, busyTimeoutMs }: FileConnectionParts) {
    this.#client = client;
    this.#owned = owned;
    this.#inFile = file !== '';
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#line = useWriteLane(file);
  }

  async read(
    statement: LibsqlStatement,
    context: OperationContext,
    { now }: { readonly now: boolean } = { now: false },
  ): Promise<readonly SqlRow[]> {
    const run = (): Promise<readonly SqlRow[]> =>
      this.#inTurn(async () => {
        const { rows } = await this.#replacingOnFailure(() => this.#client.execute(statement));
        return rows;
      }, context);
    return retryWhileBusy({ run }, { busyTimeoutMs: now ? 0 : this.#busyTimeoutMs, context });
  }

  async write(
    statements: readonly LibsqlStatement[],
    context: OperationContext,
    lost?: () => Promise<boolean>,
  ): Promise<readonly number[]> {
    const arrived = performance.now();
    const { lane } = this.#line;
    const busyTimeoutMs = this.#busyTimeoutMs;
    const giveUp = async (): Promise<number[] | undefined> =>
      (await lost?.()) === true ? statements.map(() => 0) : undefined;
    const run = async (): Promise<number[]> => {
      const results = await this.#inTurn(() => this.#runWrites(statements), context);
      lane.free();
      return results.map(({ rowsAffected }) => rowsAffected);
    };
    let tried = false;
    try {
      return await lane.run(
        () => {
          tried = true;
          const waitedSince = (): number => Math.max(arrived, lane.blocked());
          return retryWhileBusy({ run, giveUp }, { busyTimeoutMs, context, waitedSince });
        },
        { signal: context.signal, busyTimeoutMs },
      );
    } catch (error) {
      const instead = !tried && isHoldfastError(error, 'BUSY') ? await giveUp() : undefined;
      if (instead === undefined) throw error;
      return instead;
    } finally {
      // Whoever else waits in this process goes first, else one caller in a loop would starve the others.
      await nextTurn();
    }
  }

  close(): void {
    this.#line[Symbol.dispose]();
    if (this.#owned) this.#client.close();
  }

  async #runWrites(statements: readonly LibsqlStatement[]): Promise<LibsqlResult[]> {
    try {
      // The client rolls it back at once. Only this tells of a lock without spoiling the connection. With a
      // write-ahead log it is the same as `immediate`; without one it also asks for the readers, who would make the
      // commit busy, and a commit that was busy holds its locks for as long as the driver keeps it in memory.
      await this.#client.executeMultiple('begin exclusive');
    } catch (error) {
      throw libsqlError(error);
    }
    return this.#replacingOnFailure(() => this.#client.batch([...statements], 'write'));
  }

  /** Runs something when everything before it has ended: between a failure and the replacement nothing may run. */
  #inTurn<T>(work: () => Promise<T>, context: OperationContext): Promise<T> {
    return eventLoopTurns.run(() => {
      const result = this.#last.then(work);
      this.#last = result.then(
        () => {},
        () => {},
      );
      return result;
    }, context);
  }

  async #replacingOnFailure<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      const error = libsqlError(thrown);
      // What is in memory would be lost with its connection, and has no lock to be found busy.
      if (this.#inFile && this.#owned && !isHoldfastError(error, 'CLOSED')) await this.#client.reconnect();
      throw error;
    }
  }
}
