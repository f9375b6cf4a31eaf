import { HoldfastError } from '@holdfast/core';
import { IN_FLIGHT_GRACE_MS, type OperationContext } from '@holdfast/core/adapter';
import type { Pool, PoolClient, QueryConfig, QueryResult } from 'pg';
import { connectError, leavesConnectionUsable, statementError } from './errors.ts';

/**
 * One connection of a pool, checked out for one call. Whatever happens, it goes back to the pool exactly once: as
 * good as it came, or to be closed.
 */
export class Lease {
  readonly #client: PoolClient;
  readonly #context: OperationContext;
  #usable = true;
  #released = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: PoolClient, context: OperationContext) {
    this.#client = client;
    this.#context = context;
    // Without a listener, a connection that breaks would end the process.
    client.on('error', this.#onError);
    context.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (context.signal.aborted) this.#onAbort();
  }

  /** Whether a transaction is open on it, as far as the driver has heard. */
  get inTransaction(): boolean {
    const status = this.#client.getTransactionStatus();
    return status !== 'I' && status !== null;
  }

  /**
   * Sends one statement. One round trip.
   *
   * @throws HoldfastError with an outcome
   */
  async query(config: QueryConfig): Promise<QueryResult<Record<string, unknown>>> {
    if (this.#released) throw closed('the connection was closed');
    try {
      return await this.#client.query<Record<string, unknown>>(config);
    } catch (thrown) {
      if (!leavesConnectionUsable(thrown)) this.#usable = false;
      throw statementError(thrown);
    }
  }

  /**
   * Sends one statement that is a transaction of its own. One round trip.
   *
   * @throws HoldfastError with an outcome
   */
  async queryAlone(config: QueryConfig): Promise<QueryResult<Record<string, unknown>>> {
    const result = await this.query(config);
    if (!this.inTransaction) return result;
    // Only now has the server told that somebody else's transaction is open. Closing the connection undoes it.
    this.destroy();
    throw new HoldfastError('BUSY', 'the connection was in the middle of a transaction', { outcome: 'not-applied' });
  }

  /** Gives the connection back; one that is in the middle of something is closed. */
  release(): void {
    this.#end(!this.#usable || this.inTransaction);
  }

  /** Closes the connection, also under a statement that is still running. */
  destroy(): void {
    this.#end(true);
  }

  #end(destroy: boolean): void {
    if (this.#released) return;
    this.#released = true;
    clearTimeout(this.#timer);
    this.#context.signal.removeEventListener('abort', this.#onAbort);
    // The pool listens again from here on.
    this.#client.release(destroy);
    this.#client.off('error', this.#onError);
  }

  readonly #onError = (): void => {
    this.#usable = false;
  };

  // The caller gave up. The answer may be a moment away, and with it the outcome; a connection that goes on
  // waiting for longer would be missed by others.
  readonly #onAbort = (): void => {
    this.#timer = setTimeout(() => this.destroy(), IN_FLIGHT_GRACE_MS);
  };
}

/** What {@link checkOut} is bounded by. */
export interface CheckoutLimits {
  readonly context: OperationContext;
  readonly timeoutMs: number;
}

/**
 * Waits for a connection of the pool, in the order of asking.
 *
 * @throws HoldfastError with outcome `'not-applied'`: `BUSY` when all connections are in use for too long,
 * `UNAVAILABLE` or `ACCESS_DENIED` when none can be made, `CLOSED` when the pool was ended; the reason of the signal
 */
export async function checkOut(pool: Pool, limits: CheckoutLimits): Promise<Lease> {
  for (;;) {
    const lease = await connect(pool, limits);
    if (!lease.inTransaction) return lease;
    // Somebody else put it back in the middle of a transaction. Whatever we did on it could still be rolled back.
    lease.destroy();
  }
}

async function connect(pool: Pool, { context, timeoutMs }: CheckoutLimits): Promise<Lease> {
  const { signal } = context;
  if (signal.aborted) throw signal.reason;
  if (pool.ending) throw closed('the pool was ended');
  const { promise, resolve, reject } = Promise.withResolvers<Lease>();
  let waiting = true;
  // Not its promise: until that is heard of, nobody would listen to the errors of the connection.
  pool.connect((error, client) => {
    if (client === undefined) return reject(isExhausted(pool) ? busy(error) : connectError(error));
    const lease = new Lease(client, context);
    if (waiting) resolve(lease);
    else lease.release();
  });
  const giveUp = (reason: unknown): void => {
    waiting = false;
    reject(reason);
  };
  const onAbort = (): void => giveUp(signal.reason);
  const onTimeUp = (): void => giveUp(isExhausted(pool) ? busy() : connectError(new Error('no connection in time')));
  const timer = setTimeout(onTimeUp, timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function isExhausted(pool: Pool): boolean {
  return pool.idleCount === 0 && pool.totalCount >= pool.options.max;
}

function busy(cause?: unknown): HoldfastError {
  const message = 'all connections of the pool are in use';
  return new HoldfastError('BUSY', message, { outcome: 'not-applied', ...(cause === undefined ? {} : { cause }) });
}

function closed(message: string): HoldfastError {
  return new HoldfastError('CLOSED', message, { outcome: 'not-applied' });
}
