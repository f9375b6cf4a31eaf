import { clock } from '@holdfast/core/adapter';
import type { CallClient, LibsqlClient } from './client.ts';

/** How long there may be no answer to anything, in milliseconds, before later calls go over another socket. */
const SILENT_MS = 500;

/** A client, and what is known of its socket. */
interface Socketed {
  readonly client: LibsqlClient;
  /** How many wait for an answer over it. */
  waiting: number;
  /** Since when nothing has come although it was asked, on the clock. */
  silentSince: number | undefined;
}

/**
 * The clients of one store over WebSockets, of which each has one socket. There is one at a time, but when that has been
 * silent for long, later calls get another: the network may have lost the socket without a word, and a client by itself
 * would go on with it for a minute, or for good. Those who still wait for the old one are left to it, and it is closed when
 * nobody does.
 */
export class LiveClients {
  readonly #make: () => LibsqlClient;
  readonly #old = new Set<Socketed>();
  #current: Socketed;

  constructor(first: LibsqlClient, make: () => LibsqlClient) {
    this.#make = make;
    this.#current = { client: first, waiting: 0, silentSince: undefined };
  }

  /** The client for one call, for which nobody waits any more once the signal is aborted. */
  clientFor(signal: AbortSignal): CallClient {
    const used = this.#pick();
    return {
      execute: (statement) => this.#watch(used, used.client.execute(statement), signal),
      batch: (statements, mode) => this.#watch(used, used.client.batch(statements, mode), signal),
    };
  }

  close(): void {
    for (const { client } of [this.#current, ...this.#old]) client.close();
    this.#old.clear();
  }

  #pick(): Socketed {
    const now = clock.now();
    const before = this.#current;
    if (now - (before.silentSince ?? now) >= SILENT_MS) {
      this.#current = { client: this.#make(), waiting: 0, silentSince: undefined };
      this.#old.add(before);
      this.#closeUnused(before);
    }
    return this.#current;
  }

  async #watch<T>(used: Socketed, answer: Promise<T>, signal: AbortSignal): Promise<T> {
    used.waiting += 1;
    used.silentSince ??= clock.now();
    let waits = true;
    const leave = (): void => {
      if (!waits) return;
      waits = false;
      used.waiting -= 1;
      this.#closeUnused(used);
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    try {
      return await answer;
    } finally {
      // Also when it failed: then the client knows, and opens another socket by itself.
      signal.removeEventListener('abort', leave);
      leave();
      used.silentSince = used.waiting > 0 ? clock.now() : undefined;
    }
  }

  #closeUnused(used: Socketed): void {
    if (used.waiting === 0 && this.#old.delete(used)) used.client.close();
  }
}
