import { HoldfastError, isHoldfastError } from '@holdfast/core';
import { IN_FLIGHT_GRACE_MS, clock, type OperationContext, type Timer } from '@holdfast/core/adapter';
import { type SqlRow, Lane } from '@holdfast/sql';
import { retryWhileBusy } from './busy-retry.ts';
import type { CallClient, LibsqlResult, LibsqlStatement } from './client.ts';
import type { LibsqlConnection } from './connection.ts';
import { libsqlError } from './errors.ts';
import { OverdueCalls } from './overdue-calls.ts';
import { refusedStatement } from './refused-statement.ts';
import { SharedAnswers } from './shared-answers.ts';
import type { LibsqlWork, Written } from './work.ts';

/** How long there may be no answer, in milliseconds, before other sockets are taken for lost that nobody uses. */
const SUSPICIOUS_MS = 1000;

/** What a {@link RemoteConnection} works with. */
export interface RemoteConnectionParts {
  /** The client for one call. Where it can be cancelled, the signal cancels it. */
  clientFor(signal: AbortSignal): CallClient;
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
  readonly busyTimeoutMs: number;
  readonly mostRequestBytes: number;
  readonly #parts: RemoteConnectionParts;
  readonly #lane: Lane;
  readonly #overdue = new OverdueCalls();
  readonly #answers = new SharedAnswers();
  readonly #underWay = new Set<Abandonment>();
  #closed = false;

  constructor(parts: RemoteConnectionParts) {
    this.#parts = parts;
    this.busyTimeoutMs = parts.busyTimeoutMs;
    this.mostRequestBytes = parts.mostRequestBytes ?? Infinity;
    this.#lane = new Lane(parts.concurrency, 'openLibsql config.concurrency');
  }

  async read(statement: LibsqlStatement, context: OperationContext): Promise<readonly SqlRow[]> {
    const [rows = []] = await this.#read([statement], context);
    return rows;
  }

  async readTogether(
    statements: readonly LibsqlStatement[],
    context: OperationContext,
  ): Promise<readonly (readonly SqlRow[] | undefined)[]> {
    const requests = this.#answers.divide(statements).map(async (request) => {
      try {
        const answers = await this.#read(request, context);
        for (const rows of answers) this.#answers.note(rows);
        return answers;
      } catch (error) {
        // It may be the fault of one, such as an answer that is too long.
        if (isHoldfastError(error) && !error.retryable && !context.signal.aborted) return request.map(() => undefined);
        throw error;
      }
    });
    return (await Promise.all(requests)).flat();
  }

  async write(work: LibsqlWork, context: OperationContext): Promise<Written> {
    work.wait();
    const { busyTimeoutMs } = this;
    let since: number | undefined;
    const send = async (): Promise<Written> => {
      const statements = work.begin();
      const watched = { bytes: bytesOf(statements), makeWay: () => work.makeWay() };
      return this.#overdue.watch(this.#send(statements, context), watched);
    };
    const giveUp = async (busy: HoldfastError): Promise<Written | undefined> => {
      since ??= clock.now();
      const nobodyIsLeft = await work.held(busy, since);
      work.wait();
      return nobodyIsLeft ? NOTHING : undefined;
    };
    const waitedSince = (): number => Math.max(work.waitedSince(), since ?? clock.now());
    const run = (): Promise<Written> => this.#lane.run(send, context);
    return retryWhileBusy({ run, giveUp }, { busyTimeoutMs, context, waitedSince });
  }

  /** Ends what is under way as well: by now nobody waits for it, and a server that is silent would never end it. */
  close(): void {
    this.#closed = true;
    for (const call of this.#underWay) call.happen('the connection was closed');
    this.#parts.close();
  }

  async #read(statements: readonly LibsqlStatement[], context: OperationContext): Promise<(readonly SqlRow[])[]> {
    const { busyTimeoutMs } = this;
    const send = async (client: CallClient): Promise<readonly LibsqlResult[]> => {
      const [only, ...others] = statements;
      if (only !== undefined && others.length === 0) return [await client.execute(only)];
      return client.batch([...statements], 'read');
    };
    const run = () => this.#lane.run(() => this.#callOnce(send, context, 0), context);
    const results = await retryWhileBusy({ run }, { busyTimeoutMs, context });
    return results.map(({ rows }) => rows);
  }

  async #send(statements: readonly LibsqlStatement[], context: OperationContext): Promise<Written> {
    const [only, ...others] = statements;
    if (only === undefined) return NOTHING;
    const send = async (client: CallClient): Promise<Written> => {
      if (others.length === 0) return { results: [await client.execute(only)] };
      try {
        return { results: await client.batch([...statements], 'write') };
      } catch (error) {
        return refusedStatement(error);
      }
    };
    return this.#callOnce(send, context, IN_FLIGHT_GRACE_MS);
  }

  async #callOnce<T>(send: (client: CallClient) => Promise<T>, context: OperationContext, graceMs: number): Promise<T> {
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

const NOTHING: Written = { results: [] };

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
