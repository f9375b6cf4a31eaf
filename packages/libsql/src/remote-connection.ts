import { HoldfastError } from '@holdfast/core';
import { IN_FLIGHT_GRACE_MS, clock, type OperationContext, type Timer } from '@holdfast/core/adapter';
import { type SqlRow, Lane } from '@holdfast/sql';
import { retryWhileBusy } from './busy-retry.ts';
import type { LibsqlClient, LibsqlResult, LibsqlStatement } from './client.ts';
import type { ConditionalChanges, LibsqlCondition, LibsqlConnection } from './connection.ts';
import { libsqlError } from './errors.ts';
import { requestLength } from './request-length.ts';
import { runGuarded } from './run-guarded.ts';
import { YieldingLane } from './yielding-lane.ts';

/**
 * How many writes of one connection are under way at once. A server makes them one after the other in any case.
 * With 20 at once sqld 0.24.32 takes twice as long for each as with 2, and every few ten thousand writes it stops
 * writing for good, since its connections lose track of whose turn it is after a checkpoint.
 */
const WRITES_AT_ONCE = 2;

/** How long there may be no answer, in milliseconds, before other sockets are taken for lost that nobody uses. */
const SUSPICIOUS_MS = 1000;

/** What a {@link RemoteConnection} works with. */
export interface RemoteConnectionParts {
  /** The client for one call. Where it can be cancelled, the signal cancels it. */
  clientFor(signal: AbortSignal): LibsqlClient;
  /** Releases what was opened. */
  close(): void;
  /** Closes the sockets that nobody uses, where it is known which those are. */
  closeIdle?(): void;
  /** How many calls may be under way at once. */
  readonly concurrency: number;
  readonly busyTimeoutMs: number;
  /** How long a request may be, in bytes; left out where the server takes whatever an entry can be. */
  readonly mostRequestBytes?: number | undefined;
}

/**
 * A connection to a server: one round trip for each call. A call whose caller has given up makes room for others
 * whether it can be cancelled or not; a write after the grace in which the base class still looks for it.
 */
export class RemoteConnection implements LibsqlConnection {
  readonly #parts: RemoteConnectionParts;
  readonly #lane: Lane;
  readonly #writeLane = new YieldingLane(WRITES_AT_ONCE);
  readonly #underWay = new Set<Abandonment>();
  #closed = false;

  constructor(parts: RemoteConnectionParts) {
    this.#parts = parts;
    this.#lane = new Lane(parts.concurrency, 'openLibsql config.concurrency');
  }

  async read(statement: LibsqlStatement, context: OperationContext): Promise<readonly SqlRow[]> {
    const { rows } = await this.#call((client) => client.execute(statement), context, 0);
    return rows;
  }

  async write(statements: readonly LibsqlStatement[], context: OperationContext): Promise<readonly number[]> {
    const [only, ...others] = statements;
    const send = async (client: LibsqlClient) =>
      only !== undefined && others.length === 0
        ? [await client.execute(only)]
        : await client.batch([...statements], 'write');
    const results = await this.#write(send, statements, context);
    return results.map(({ rowsAffected }) => rowsAffected);
  }

  writeIf(
    condition: LibsqlCondition,
    statements: readonly LibsqlStatement[],
    context: OperationContext,
  ): Promise<ConditionalChanges> {
    return runGuarded(condition, statements, (guarded) =>
      this.#write((client) => client.batch([...guarded], 'write'), guarded, context),
    );
  }

  /** Ends what is under way as well: by now nobody waits for it, and a server that is silent would never end it. */
  close(): void {
    this.#closed = true;
    for (const call of this.#underWay) call.happen('the connection was closed');
    this.#parts.close();
  }

  /** Refuses what the server would end the connection for, after which nothing is known of any call on it. */
  #checkLength(statements: readonly LibsqlStatement[]): void {
    const { mostRequestBytes = Infinity } = this.#parts;
    if (mostRequestBytes === Infinity || requestLength(statements) <= mostRequestBytes) return;
    const message = `with all metadata the request is longer than the ${mostRequestBytes} bytes that the server takes`;
    const alone = statements.length === 1;
    throw new HoldfastError(alone ? 'BODY_TOO_LARGE' : 'COMMIT_TOO_LARGE', message, {
      outcome: 'not-applied',
      capability: alone ? 'maxBodyBytes' : 'maxCommitBytes',
    });
  }

  async #write(
    send: (client: LibsqlClient) => Promise<LibsqlResult[]>,
    statements: readonly LibsqlStatement[],
    context: OperationContext,
  ): Promise<LibsqlResult[]> {
    this.#checkLength(statements);
    const bytes = bytesOf(statements);
    const call = (): Promise<LibsqlResult[]> => this.#call(send, context, IN_FLIGHT_GRACE_MS);
    return this.#writeLane.run(call, { signal: context.signal, bytes });
  }

  #call<T>(send: (client: LibsqlClient) => Promise<T>, context: OperationContext, graceMs: number): Promise<T> {
    const { busyTimeoutMs } = this.#parts;
    const run = (): Promise<T> => this.#lane.run(() => this.#callOnce(send, context, graceMs), context);
    return retryWhileBusy({ run }, { busyTimeoutMs, context });
  }

  async #callOnce<T>(
    send: (client: LibsqlClient) => Promise<T>,
    context: OperationContext,
    graceMs: number,
  ): Promise<T> {
    if (this.#closed) throw new HoldfastError('CLOSED', 'the connection was closed', { outcome: 'not-applied' });
    // One that hears nothing may have had a socket that was lost in silence, and hardly by itself.
    const closeIdle = (): void => this.#parts.closeIdle?.();
    using abandoned = new Abandonment(context.signal, graceMs, closeIdle);
    const timer = clock.setTimeout(closeIdle, SUSPICIOUS_MS, { holdsProcess: false });
    this.#underWay.add(abandoned);
    try {
      return await Promise.race([send(this.#parts.clientFor(abandoned.signal)), abandoned.happens]);
    } catch (thrown) {
      const error = libsqlError(thrown);
      if (error.code === 'UNAVAILABLE') closeIdle();
      throw error;
    } finally {
      clock.clearTimeout(timer);
      this.#underWay.delete(abandoned);
    }
  }
}

function bytesOf(statements: readonly LibsqlStatement[]): number {
  const bodies = statements.flatMap(({ args }) => args.map((value) => (typeof value === 'object' ? value : null)));
  return bodies.reduce((sum, body) => sum + (body?.byteLength ?? 0), 0);
}

/** The moment at which nobody waits for a call any more. */
class Abandonment implements Disposable {
  readonly happens: Promise<never>;
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #graceMs: number;
  readonly #onGivenUp: () => void;
  #timer: Timer | undefined;

  /** @param onGivenUp called when the caller gives up, before the grace */
  constructor(caller: AbortSignal, graceMs: number, onGivenUp: () => void) {
    this.#caller = caller;
    this.#graceMs = graceMs;
    this.#onGivenUp = onGivenUp;
    this.happens = new Promise((_resolve, reject) => {
      this.#controller.signal.addEventListener('abort', () => reject(this.#controller.signal.reason as Error));
    });
    this.happens.catch(() => {});
    if (caller.aborted) this.#start();
    else caller.addEventListener('abort', this.#start, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    clock.clearTimeout(this.#timer);
    this.#caller.removeEventListener('abort', this.#start);
  }

  /** Lets it happen now. */
  happen(why: string): void {
    // Not the caller's reason, which says that nothing was applied.
    this.#controller.abort(new HoldfastError('UNAVAILABLE', why, { outcome: 'unknown' }));
  }

  readonly #start = (): void => {
    this.#onGivenUp();
    this.#timer = clock.setTimeout(() => this.happen('no answer in time'), this.#graceMs);
  };
}
