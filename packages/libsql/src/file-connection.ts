import { isHoldfastError } from '@holdfast/core';
import { clock, type OperationContext } from '@holdfast/core/adapter';
import { eventLoopTurns, FileWatch, type SqlRow } from '@holdfast/sql';
import { retryWhileBusy } from './busy-retry.ts';
import type { LibsqlClient, LibsqlResult, LibsqlStatement, LibsqlTransaction } from './client.ts';
import type { ConditionalChanges, LibsqlCondition, LibsqlConnection } from './connection.ts';
import { libsqlError } from './errors.ts';
import { runGuarded } from './run-guarded.ts';
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
  readonly #client: LibsqlClient;
  readonly #owned: boolean;
  readonly #inFile: boolean;
  readonly #busyTimeoutMs: number;
  readonly #line: WriteLaneUse;
  readonly #watch: FileWatch | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor({ client, owned, file, busyTimeoutMs }: FileConnectionParts) {
    this.#client = client;
    this.#owned = owned;
    this.#inFile = file !== '';
    this.#busyTimeoutMs = busyTimeoutMs;
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
    return retryWhileBusy({ run }, { busyTimeoutMs: now ? 0 : this.#busyTimeoutMs, context });
  }

  write(
    statements: readonly LibsqlStatement[],
    context: OperationContext,
    lost?: () => Promise<boolean>,
  ): Promise<readonly number[]> {
    const giveUp = async (): Promise<number[] | undefined> =>
      (await lost?.()) === true ? statements.map(() => 0) : undefined;
    const run = async (): Promise<number[]> => changesOf(await this.#runWrites(statements));
    return this.#writeInLine({ run, giveUp }, context);
  }

  writeIf(
    condition: LibsqlCondition,
    statements: readonly LibsqlStatement[],
    context: OperationContext,
  ): Promise<ConditionalChanges> {
    const giveUp = async (): Promise<ConditionalChanges | undefined> => {
      try {
        const unmet = condition.placesIn(await this.read(condition.query, context, { now: true }));
        return unmet.length === 0 ? undefined : { unmet };
      } catch {
        // The write itself will tell.
        return undefined;
      }
    };
    return this.#writeInLine({ run: () => this.#runIf(condition, statements), giveUp }, context);
  }

  close(): void {
    this.#line[Symbol.dispose]();
    const release = (): void => {
      if (this.#owned) this.#client.close();
    };
    if (this.#watch === undefined) release();
    else this.#watch.close(release);
  }

  async #writeInLine<T>(
    { run, giveUp }: { run(): Promise<T>; giveUp(): Promise<T | undefined> },
    context: OperationContext,
  ): Promise<T> {
    const arrived = clock.now();
    const { lane } = this.#line;
    const busyTimeoutMs = this.#busyTimeoutMs;
    const runInTurn = async (): Promise<T> => {
      const result = await this.#inTurn(run, context);
      lane.free();
      return result;
    };
    let tried = false;
    try {
      return await lane.run(
        () => {
          tried = true;
          const waitedSince = (): number => Math.max(arrived, lane.blocked());
          return retryWhileBusy({ run: runInTurn, giveUp }, { busyTimeoutMs, context, waitedSince });
        },
        { context, busyTimeoutMs },
      );
    } catch (error) {
      const instead = !tried && isHoldfastError(error, 'BUSY') ? await giveUp() : undefined;
      if (instead === undefined) throw error;
      return instead;
    } finally {
      // Whoever else waits in this process goes first, else one caller in a loop would starve the others.
      await clock.nextTurn();
    }
  }

  #runWrites(statements: readonly LibsqlStatement[]): Promise<LibsqlResult[]> {
    if (!this.#inFile) return this.#runInMemory(statements);
    return this.#runExclusively(async (transaction) => {
      const results = await runStatements(transaction, statements);
      await transaction.commit();
      return results;
    });
  }

  #runIf(condition: LibsqlCondition, statements: readonly LibsqlStatement[]): Promise<ConditionalChanges> {
    if (!this.#inFile) return runGuarded(condition, statements, (guarded) => this.#runInMemory(guarded));
    // Not by a guard: after a failure the connection would have to be replaced.
    return this.#runExclusively(async (transaction) => {
      const [found] = await runStatements(transaction, [condition.query]);
      const unmet = condition.placesIn(found?.rows ?? []);
      if (unmet.length > 0) return { unmet };
      const changed = changesOf(await runStatements(transaction, statements));
      await transaction.commit();
      return { changed };
    });
  }

  /**
   * Runs something in a transaction that has the file to itself until its end, which is a rollback unless it commits.
   * With a write-ahead log `exclusive` is the same as `immediate`; without one it also keeps out readers. One that came
   * before the commit would make that busy, and a commit that was busy holds its locks for as long as the driver keeps it
   * in memory.
   *
   * In a file the driver does all of it synchronously, so nothing but promises that are already settled comes between
   * the first statement and the last: the lock is never held over a turn of the event loop, and nothing can expire.
   */
  async #runExclusively<T>(work: (transaction: LibsqlTransaction) => Promise<T>): Promise<T> {
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
        return await work(transaction);
      } finally {
        // Before the connection is replaced: one that is closed inside a transaction would keep its locks as well.
        transaction.close();
      }
    });
  }

  /** In one call: whoever shares a client in memory could use it for nothing during an open transaction. */
  async #runInMemory(statements: readonly LibsqlStatement[]): Promise<LibsqlResult[]> {
    try {
      // The client rolls it back at once. Only this tells of a lock without spoiling the connection.
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
      if (this.#inFile && this.#owned && !isHoldfastError(error, 'CLOSED')) {
        await this.#client.reconnect();
        this.#watch?.rebind();
      }
      throw error;
    }
  }
}

/** What fails here is rolled back, whatever it was. */
async function runStatements(
  transaction: LibsqlTransaction,
  statements: readonly LibsqlStatement[],
): Promise<LibsqlResult[]> {
  try {
    const results: LibsqlResult[] = [];
    for (const statement of statements) results.push(await transaction.execute(statement));
    return results;
  } catch (error) {
    throw libsqlError(error, 'not-applied');
  }
}

function changesOf(results: readonly LibsqlResult[]): number[] {
  return results.map(({ rowsAffected }) => rowsAffected);
}
