import { HoldfastError } from '@holdfast/core';
import { CLOSE_GRACE_MS, pause } from '@holdfast/core/adapter';
import type { Pool, PoolClient, PoolConfig } from 'pg';
import { DEFAULT_POOL_SIZE } from './options.ts';

/** How long a connection is silent before the system asks whether the other end is still there, in milliseconds. */
const KEEP_ALIVE_DELAY_MS = 10_000;

/** What every client of pg has, and what its types leave out. */
type Unreferable = PoolClient & { unref?(): void };

/** A pool that is ours to end. */
export class OwnPool {
  readonly pool: Pool;
  readonly #clients = new Set<Unreferable>();

  /**
   * Makes a pool, which connects to nothing yet. What `config` says goes before our defaults, unless it is `undefined`.
   *
   * @throws HoldfastError `INVALID_ARGUMENT` when pg does not take the configuration
   */
  constructor(PoolOfDriver: new (config: PoolConfig) => Pool, config: PoolConfig, checkoutTimeoutMs: number) {
    try {
      this.pool = new PoolOfDriver({
        // Shown to whoever looks at the server's connections; `PGAPPNAME` and `application_name` go before it.
        fallback_application_name: 'holdfast',
        // Else a connection whose other end is gone without a word is noticed after hours.
        keepAlive: true,
        keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
        connectionTimeoutMillis: checkoutTimeoutMs,
        max: DEFAULT_POOL_SIZE,
        ...withoutUndefined(config),
      });
    } catch (cause) {
      throw new HoldfastError('INVALID_ARGUMENT', 'config is not one that a Pool of pg takes', { cause });
    }
    this.pool.on('connect', (client) => void this.#clients.add(client));
    this.pool.on('remove', (client) => void this.#clients.delete(client));
  }

  /**
   * Ends the pool. A pool waits for connections that are being made as well, and each of its connections for the server
   * to hang up: a server that is silent hangs no shutdown, and keeps no process alive.
   */
  async end(): Promise<void> {
    const ended = new AbortController();
    const ending = this.pool.end().finally(() => ended.abort());
    await Promise.race([ending, pause(CLOSE_GRACE_MS, ended.signal)]);
    for (const client of this.#clients) client.unref?.();
  }
}

function withoutUndefined(config: PoolConfig): PoolConfig {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}
