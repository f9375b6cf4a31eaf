import { isHoldfastError, type HoldfastError } from '@holdfast/core';
import { clock, type OperationContext } from '@holdfast/core/adapter';
import { eventLoopTurns, FileWatch, type SqlRow } from '@holdfast/sql';
import { retryWhileBusy } from './busy-retry.ts';
import type { LibsqlClient, LibsqlResult, LibsqlStatement, LibsqlTransaction } from './client.ts';
import type { LibsqlConnection } from './connection.ts';
import { libsqlError } from './errors.ts';
import { refusedStatement } from './refused-statement.ts';
import type { LibsqlWork, Written } from './work.ts';
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
 * that moment, and cannot write any more. So a write takes the lock in a form that the driver does finish; and after
 * every other failure the connection is replaced before anything else may use it.
 */
export class FileConnection implements LibsqlConnection {
  readonly busyTimeoutMs: number;
  readonly mostRequestBytes: number = Infinity;
  readonly #client: LibsqlClient;
  readonly #owned: boolean;
  readonly #inFile: boolean;
  readonly #line: WriteLaneUse;
  readonly #watch: FileWatch | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor({ client, owned, file, busyTimeoutMs }: FileConnectionParts) {
    this.#client = client;
    this.#owned = owned;
    this.#inFile = file !== '';
    this.busyTimeoutMs = busyTimeoutMs;
    this.#line = useWriteLane(file);
    this.#watch = file === '' ? undefined : FileWatch.start(file, '@libsql/client');
  }

  /**
   * Checks what must be so with a write-ahead log.
   *
   * @throws HoldfastError `UNSUPPORTED` when there is no memory that all connections share
   */
  checkShared(): void {
    this.#watch?.checkShared();
  }

  /**
   * Checks that no other SQLite library of this process has the file open. To be called once it was read.
   *
   * @throws HoldfastError `UNSUPPORTED`
   */
  checkAlone(): void {
    this.#watch?.beforeTransaction();
  }

  async read(
    statement: LibsqlStatement,
    context: OperationContext,
    { now }: { readonly now: boolean } = { now: false },
  ): Promise<readonly SqlRow[]> {
    const run = (): Promise<readonly SqlRow[]> =>
      this.#inTurn(async () => {
        this.#watch?.beforeRead();
        const { rows } = await this.#replacingOnFailure(() => this.#client.execute(statement));
        return rows;
      }, context);
    return retryWhileBusy({ run }, { busyTimeoutMs: now ? 0 : this.busyTimeoutMs, context });
  }

  /**
   * With a file it stands in the line of all who write to that in this process, and its transaction begins and ends within one
   * turn of the event loop.
   */
  async write(work: LibsqlWork, context: OperationContext): Promise<Written> {
    try {
      for (;;) {
        const written = await this.#writeInLine(work, context);
        if (written !== undefined) return written;
      }
    } finally {
      // Whoever else waits in this process goes first, else one caller in a loop would starve the others.
      await clock.nextTurn();
    }
  }

  close(): void {
    this.#line[Symbol.dispose]();
    const release = (): void => {
      if (this.#owned) this.#client.close();
    };
    if (this.#watch === undefined) release();
    else this.#watch.close(release);
  }

  /** `undefined` when the patience of some was over before its turn came, and others are left. */
  async #writeInLine(work: LibsqlWork, context: OperationContext): Promise<Written | undefined> {
    const { lane } = this.#line;
    const { busyTimeoutMs } = this;
    const waitedSince = (): number => Math.max(work.waitedSince(), lane.blocked());
    const giveUp = async (busy: HoldfastError, since: number): Promise<Written | undefined> => {
      const nobodyIsLeft = await work.held(busy, since);
      work.wait();
      return nobodyIsLeft ? NOTHING : undefined;
    };
    const runInTurn = async (): Promise<Written> => {
      const written = await this.#inTurn(() => this.#run(work.begin()), context);
      lane.free();
      return written;
    };
    let tried = false;
    work.wait();
    try {
      return await lane.run(
        () => {
          tried = true;
          const attempt = { run: runInTurn, giveUp: (busy: HoldfastError) => giveUp(busy, lane.blocked()) };
          return retryWhileBusy(attempt, { busyTimeoutMs, context, waitedSince });
        },
        { context, busyTimeoutMs, arrived: work.waitedSince() },
      );
    } catch (error) {
      if (tried || !isHoldfastError(error, 'BUSY')) throw error;
      const before = work.waitedSince();
      // Whoever has waited longest has done so for all of that time.
      const written = await giveUp(error, clock.now() - busyTimeoutMs);
      if (written === undefined && work.waitedSince() === before) throw error;
      return written;
    }
  }

  #run(statements: readonly LibsqlStatement[]): Promise<Written> {
    if (statements.length === 0) return Promise.resolve(NOTHING);
    return this.#inFile ? this.#runExclusively(statements) : this.#runInMemory(statements);
  }

  /**
   * Runs statements in a transaction that has the file to itself until its end, which is a rollback unless it commits.
   * With a write-ahead log `exclusive` is the same as `immediate`; without one it also keeps out readers. One that came
   * before the commit would make that busy, and a commit that was busy holds its locks for as long as the driver keeps it
   * in memory.
   *
   * In a file the driver does all of it synchronously, so nothing but promises that are already settled comes between
   * the first statement and the last: the lock is never held over a turn of the event loop, and nothing can expire.
   */
  async #runExclusively(statements: readonly LibsqlStatement[]): Promise<Written> {
    let transaction: LibsqlTransaction | undefined;
    this.#watch?.beforeTransaction();
    try {
      transaction = await this.#client.transaction('deferred');
      // The driver begins no exclusive transaction itself, and only in this form does it finish a statement that was
      // BUSY, which leaves the connection as good as new.
      await transaction.executeMultiple('rollback; begin exclusive');
    } catch (error) {
      transaction?.close();
      throw libsqlError(error);
    }
    return this.#replacingOnFailure(async () => {
      try {
        this.#watch?.inTransaction();
        const written = await runStatements(transaction, statements);
        if ('results' in written) await transaction.commit();
        return written;
      } finally {
        // Before the connection is replaced: one that is closed inside a transaction would keep its locks as well.
        transaction.close();
      }
    });
  }

  /** In one call: whoever shares a client in memory could use it for nothing during an open transaction. */
  async #runInMemory(statements: readonly LibsqlStatement[]): Promise<Written> {
    try {
      // The client rolls it back at once. Only this tells of a lock without spoiling the connection.
      await this.#client.executeMultiple('begin exclusive');
    } catch (error) {
      throw libsqlError(error);
    }
    return this.#replacingOnFailure(async () => {
      try {
        return { results: await this.#client.batch([...statements], 'write') };
      } catch (error) {
        return refusedStatement(error);
      }
    });
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

  async #replacingOnFailure<T extends object>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      if ('refused' in result) await this.#replace();
      return result;
    } catch (thrown) {
      const error = libsqlError(thrown);
      if (!isHoldfastError(error, 'CLOSED')) await this.#replace();
      throw error;
    }
  }

  async #replace(): Promise<void> {
    // What is in memory would be lost with its connection, and has no lock to be found busy.
    if (!this.#inFile || !this.#owned) return;
    await this.#client.reconnect();
    this.#watch?.rebind();
  }
}

const NOTHING: Written = { results: [] };

/** What fails here is rolled back, whatever it was: SQLite has done so itself, or the transaction ends without a commit. */
async function runStatements(transaction: LibsqlTransaction, statements: readonly LibsqlStatement[]): Promise<Written> {
  const results: LibsqlResult[] = [];
  try {
    for (const statement of statements) results.push(await transaction.execute(statement));
    return { results };
  } catch (thrown) {
    const error = libsqlError(thrown, 'not-applied');
    // One that may go well the next time is no fault of a statement.
    if (error.retryable || isHoldfastError(error, 'CLOSED')) throw error;
    return { refused: results.length, error };
  }
}
