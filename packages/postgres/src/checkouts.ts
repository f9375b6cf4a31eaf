import { HoldfastError } from '@holdfast/core';
import { clock, type OperationContext } from '@holdfast/core/adapter';
import { Lane } from '@holdfast/sql';
import type { Pool, PoolClient } from 'pg';
import type { Connecting } from './connecting.ts';
import { configError, connectError } from './errors.ts';
import { Lease } from './lease.ts';
import { watchPool, type PoolWatch } from './pool-watch.ts';
import { WaitingCheckout } from './waiting-checkout.ts';

/** What {@link Checkouts} works with. */
export interface CheckoutParts {
  readonly pool: Pool;
  /** The longest wait for a connection, in milliseconds. */
  readonly timeoutMs: number;
  /** Called with each connection that has not been seen before. What it throws is a failure to connect. */
  readonly greet?: ((lease: Lease) => Promise<void>) | undefined;
  /** The connections that are being made, where the pool is ours. */
  readonly connecting?: Connecting | undefined;
  /** Told when a call was given up that had no answer since a moment, on the clock. */
  readonly onSilence?: ((since: number) => void) | undefined;
}

/**
 * Checks connections out of a pool. Calls wait here, in the order of asking, and never more of them in the pool than
 * it has connections: the pool cannot forget those who gave up, and serves them all at once when it can again.
 */
export class Checkouts {
  readonly #parts: CheckoutParts;
  readonly #watch: PoolWatch;
  readonly #lane: Lane;
  readonly #leases = new Set<Lease>();
  /** Those of them that are still being greeted: checked out of the pool, but in use by nobody. */
  readonly #greeting = new Set<Lease>();
  readonly #waiting = new Set<WaitingCheckout>();
  readonly #greeted = new WeakSet<PoolClient>();
  #closed = false;

  constructor(parts: CheckoutParts) {
    this.#parts = parts;
    this.#watch = watchPool(parts.pool);
    this.#lane = new Lane(parts.pool.options.max);
  }

  /**
   * Runs something with a connection, and gives it back.
   *
   * @throws HoldfastError with outcome `'not-applied'` when there is none: `BUSY` when all are in use for too long,
   * `UNAVAILABLE` or `ACCESS_DENIED` when none can be made, `CLOSED`; the reason of the signal; whatever `use` throws
   */
  async run<T>(context: OperationContext, use: (lease: Lease) => Promise<T>): Promise<T> {
    const lease = await this.#checkOut(context);
    try {
      return await use(lease);
    } finally {
      lease.release();
    }
  }

  /** Refuses those who wait, and ends the statements that still run. */
  close(): void {
    this.#closed = true;
    for (const waiting of this.#waiting) waiting.giveUp(closed());
    for (const lease of this.#leases) lease.destroy();
  }

  /** Stops listening to the pool. */
  unwatch(): void {
    this.#watch.end();
  }

  async #checkOut(context: OperationContext): Promise<Lease> {
    for (;;) {
      const lease = await this.#connect(context);
      if (!lease.inTransaction) return lease;
      // Somebody else put it back in the middle of a transaction. Whatever we did on it could still be rolled back.
      lease.destroy();
    }
  }

  async #connect(context: OperationContext): Promise<Lease> {
    const { signal } = context;
    if (signal.aborted) throw signal.reason;
    if (this.#closed || this.#parts.pool.ending) throw closed();
    const waiting = new WaitingCheckout(context);
    const onAbort = (): void => waiting.giveUp(signal.reason);
    // Where the deadline is no later it ends the wait, and no second clock is to be there first.
    const { timeoutMs } = this.#parts;
    const timer =
      timeoutMs < context.remainingMs() ? clock.setTimeout(() => waiting.giveUp(this.#timeUp()), timeoutMs) : undefined;
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiting.add(waiting);
    const { connecting } = this.#parts;
    connecting?.setWaitedFor(true);
    // A place in the lane is kept until the connection is back in the pool, whoever waits for it.
    this.#lane.run(() => this.#take(waiting), waiting).catch(waiting.reject);
    connecting?.makeRoomWhile(this.#isFull);
    try {
      return await waiting.lease;
    } finally {
      this.#waiting.delete(waiting);
      connecting?.setWaitedFor(this.#waiting.size > 0);
      clock.clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  readonly #isFull = (): boolean => this.#lane.waiting > 0;

  /** Takes a connection from the pool, and is done when it is back there. When it made room for another, it is taken anew. */
  async #take(waiting: WaitingCheckout): Promise<void> {
    const back = Promise.withResolvers<'back' | 'made room'>();
    const arrived = Promise.withResolvers<readonly [Lease, PoolClient]>();
    // Not in `onConnection`, which the pool calls for whoever gives a connection back, and in their async context.
    void arrived.promise.then(([lease, client]) => this.#welcome(lease, client, waiting));
    const onConnection = (error: Error | undefined, client: PoolClient | undefined): void => {
      if (client === undefined) {
        if (this.#madeRoom(error)) back.resolve('made room');
        else back.reject(this.#refusal(error));
        return;
      }
      const onEnd = (): void => {
        this.#leases.delete(lease);
        this.#greeting.delete(lease);
        back.resolve(this.#madeRoom(client) ? 'made room' : 'back');
      };
      const lease = new Lease(client, waiting.context, onEnd, this.#parts.onSilence);
      this.#leases.add(lease);
      if (this.#greeted.has(client) && !waiting.hasGivenUp) return waiting.resolve(lease);
      this.#greeting.add(lease);
      arrived.resolve([lease, client]);
    };
    try {
      // Not its promise: until that is heard of, nobody would listen to the errors of the connection.
      this.#parts.pool.connect(onConnection);
    } catch (thrown) {
      throw configError(thrown);
    }
    if ((await back.promise) === 'back' || waiting.hasGivenUp) return;
    await this.#take(waiting);
  }

  /** Gives a connection back for which nobody waits any more, but not from within the pool, which hands on the next. */
  async #welcome(lease: Lease, client: PoolClient, waiting: WaitingCheckout): Promise<void> {
    // A server that falls silent now must not keep the place of the connection.
    waiting.onGivenUp(lease.giveUp);
    try {
      await this.#greet(lease, client);
      if (waiting.hasGivenUp) lease.release();
      else waiting.resolve(lease);
    } catch (error) {
      lease.destroy();
      if (!this.#madeRoom(client) || waiting.hasGivenUp) waiting.reject(error);
    } finally {
      waiting.onGivenUp(undefined);
      this.#greeting.delete(lease);
    }
  }

  async #greet(lease: Lease, client: PoolClient): Promise<void> {
    if (this.#greeted.has(client)) return;
    checkClient(client);
    const { greet, connecting } = this.#parts;
    try {
      await greet?.(lease);
      connecting?.made(client);
    } catch (cause) {
      // Whatever that tells of its own statement: nothing of the call has been sent.
      throw connectError(new Error('a new connection broke at once', { cause }));
    }
    this.#greeted.add(client);
  }

  #madeRoom(it: object | undefined): boolean {
    return this.#parts.connecting?.madeRoom(it) === true;
  }

  #timeUp(): HoldfastError {
    return this.#watch.inUse() > this.#greeting.size ? busy() : connectError(new Error('no connection in time'));
  }

  #refusal(error: Error | undefined): HoldfastError {
    // What the pool says when it has waited for one of its own for as long as its `connectionTimeoutMillis`.
    if (error?.message === 'timeout exceeded when trying to connect') return this.#timeUp();
    return connectError(error);
  }
}

/** What the configuration of a pool does not show: the release of the driver, and its defaults. */
function checkClient(client: PoolClient & { readonly binary?: unknown }): void {
  const outcome = 'not-applied';
  if (typeof client.getTransactionStatus !== 'function') {
    throw new HoldfastError('INVALID_ARGUMENT', 'pg 8.21 or later is needed', { outcome });
  }
  if (client.binary === true) {
    throw new HoldfastError('INVALID_ARGUMENT', 'pg.defaults must not have `binary` set', { outcome });
  }
}

function busy(): HoldfastError {
  return new HoldfastError('BUSY', 'all connections of the pool are in use', { outcome: 'not-applied' });
}

function closed(): HoldfastError {
  return new HoldfastError('CLOSED', 'the filesystem or its pool is closed', { outcome: 'not-applied' });
}
