import { HoldfastError } from '@holdfast/core';
import { IN_FLIGHT_GRACE_MS, clock, type OperationContext, type Timer } from '@holdfast/core/adapter';
import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import { leavesConnectionUsable, statementError } from './errors.ts';
import { ROW_TYPES } from './row-types.ts';

/**
 * One connection of a pool, checked out for one call. Whatever happens, it goes back to the pool exactly once: as
 * good as it came, or to be closed.
 */
export class Lease {
  readonly #client: PoolClient;
  readonly #context: OperationContext;
  readonly #onEnd: () => void;
  readonly #onSilence: ((since: number) => void) | undefined;
  /** When the statement was sent that has no answer yet, on the clock. */
  #sent: number | undefined;
  #usable = true;
  #ended = false;
  #timer: Timer | undefined;

  /** @param onSilence told when the caller gives up a statement, and since when that had no answer, on the clock */
  constructor(client: PoolClient, context: OperationContext, onEnd: () => void, onSilence?: (since: number) => void) {
    this.#client = client;
    this.#context = context;
    this.#onEnd = onEnd;
    this.#onSilence = onSilence;
    // Without a listener, a connection that breaks would end the process.
    client.on('error', this.#onError);
    context.signal.addEventListener('abort', this.giveUp, { once: true });
    if (context.signal.aborted) this.giveUp();
  }

  /** Whether a transaction is open on it, as far as the driver has heard. */
  get inTransaction(): boolean {
    const status = this.#client.getTransactionStatus();
    return status !== 'I' && status !== null;
  }

  /** Names the database that it is to, the same for every pool that is configured alike. Never shown to anybody. */
  get database(): string {
    const { host, port, database } = this.#client;
    return [host, port, database].join('\0');
  }

  /**
   * Sends one statement. One round trip. The columns are read as {@link ROW_TYPES} says.
   *
   * @throws HoldfastError with an outcome
   */
  async query(config: Omit<QueryConfig, 'types'>): Promise<QueryResult<Record<string, unknown>>> {
    if (this.#ended) throw new HoldfastError('CLOSED', 'the connection was closed', { outcome: 'not-applied' });
    this.#sent = clock.now();
    try {
      return await this.#client.query<Record<string, unknown>>({ ...config, types: ROW_TYPES });
    } catch (thrown) {
      if (!leavesConnectionUsable(thrown, { prepared: config.name !== undefined })) this.#usable = false;
      throw statementError(thrown);
    } finally {
      this.#sent = undefined;
    }
  }

  /**
   * Sends one statement that is a transaction of its own. One round trip.
   *
   * @throws HoldfastError with an outcome
   */
  async queryAlone(config: Omit<QueryConfig, 'types'>): Promise<QueryResult<Record<string, unknown>>> {
    const result = await this.query(config);
    if (!this.inTransaction) return result;
    // Only now has the server told that somebody else's transaction is open. Closing the connection undoes it,
    // unless they have sent their commit already.
    this.destroy();
    throw new HoldfastError('BACKEND_FAILED', 'somebody else had a transaction open on the connection', {
      outcome: 'unknown',
    });
  }

  /** Gives the connection back; one that is in the middle of something is closed. */
  release(): void {
    this.#end(!this.#usable || this.inTransaction);
  }

  /** Closes the connection, also under a statement that is still running. */
  destroy(): void {
    this.#end(true);
  }

  /** For a caller that waits no longer: closes the connection unless it is given back within the grace. */
  // The answer may be a moment away, and with it the outcome; a connection that goes on waiting for longer would be
  // missed by others.
  readonly giveUp = (): void => {
    if (this.#ended || this.#timer !== undefined) return;
    this.#timer = clock.setTimeout(() => this.destroy(), IN_FLIGHT_GRACE_MS);
    if (this.#sent !== undefined) this.#onSilence?.(this.#sent);
  };

  #end(destroy: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    clock.clearTimeout(this.#timer);
    this.#context.signal.removeEventListener('abort', this.giveUp);
    try {
      // The pool listens again from here on.
      this.#client.release(destroy);
    } catch {
      // Listeners of the pool, and whoever is handed the connection next, run in there: what they throw tells nothing of the
      // statement, and must not keep the place of the connection.
    }
    this.#client.off('error', this.#onError);
    this.#onEnd();
  }

  readonly #onError = (): void => {
    this.#usable = false;
  };
}
