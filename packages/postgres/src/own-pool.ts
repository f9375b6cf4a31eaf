import { HoldfastError } from '@holdfast/core';
import { clock, pause } from '@holdfast/core/adapter';
import type { ClientConfig, Pool, PoolClient, PoolConfig } from 'pg';
import { Connecting, type Connection } from './connecting.ts';
import { containDamage, type TakesApart } from './contain-damage.ts';
import type { PgDriver } from './load-driver.ts';
import { DEFAULT_POOL_SIZE } from './pool-config.ts';

/** How long a connection is silent before the system asks whether the other end is still there, in milliseconds. */
const KEEP_ALIVE_DELAY_MS = 10_000;

/** How long the server may take to hang up when the pool ends, in milliseconds. Nothing is under way by then. */
const LONGEST_GOODBYE_MS = 500;

/** A pool that is ours to end. */
export class OwnPool {
  readonly pool: Pool;
  readonly connecting: Connecting = new Connecting();
  readonly #clients = new Set<Connection>();
  /** Since when each is idle, on the clock. */
  readonly #idle = new Map<PoolClient, number>();

  /**
   * Makes a pool, which connects to nothing yet. What `config` says goes before our defaults, unless it is `undefined`.
   *
   * @throws HoldfastError `INVALID_ARGUMENT` when pg does not take the configuration
   */
  constructor(driver: PgDriver, config: PoolConfig, checkoutTimeoutMs: number) {
    const { connectionTimeoutMillis = checkoutTimeoutMs, Client = driver.Client, ...rest } = withoutUndefined(config);
    try {
      this.pool = new driver.Pool({
        // Shown to whoever looks at the server's connections; `PGAPPNAME` and `application_name` go before it.
        fallback_application_name: 'holdfast',
        // Else a connection whose other end is gone without a word is noticed after hours.
        keepAlive: true,
        keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
        max: DEFAULT_POOL_SIZE,
        // A store that nobody uses keeps no process alive.
        allowExitOnIdle: true,
        ...rest,
        Client: this.#watched(Client, connectionTimeoutMillis),
      });
    } catch (cause) {
      throw new HoldfastError('INVALID_ARGUMENT', 'config is not one that a Pool of pg takes', { cause });
    }
    this.pool.on('release', (error, client) => {
      if (!error) this.#idle.set(client, clock.now());
    });
    this.pool.on('acquire', (client) => void this.#idle.delete(client));
    this.pool.on('error', (_error, client) => void this.#idle.delete(client));
    this.pool.on('remove', (client) => void this.#idle.delete(client));
  }

  /**
   * Closes the connections that have been idle since before a moment, on the clock: what was sent then over another one
   * was not answered, and a connection is hardly lost in silence by itself. Each would cost the call that gets it next
   * its deadline.
   */
  closeIdle(since: number): void {
    for (const [client, idle] of this.#idle) {
      if (idle >= since) continue;
      // The pool drops one that breaks at once. It would wait for the server to hang up.
      client.emit('error', new Error('taken for lost'));
      (client as Connection).connection?.stream?.destroy();
    }
  }

  /**
   * Ends the pool. Whatever a pool waits for, connections that are being made and servers that do not hang up, hangs no
   * shutdown and keeps no process alive.
   */
  async end(): Promise<void> {
    const ended = new AbortController();
    const ending = this.pool.end().finally(() => ended.abort());
    await Promise.race([ending, pause(LONGEST_GOODBYE_MS, ended.signal)]);
    for (const client of this.#clients) client.connection?.stream?.destroy();
  }

  /** A class of clients that are watched from the beginning, and bound their own time to connect. */
  #watched(Client: PgDriver['Client'], connectionTimeoutMillis: number): PgDriver['Client'] {
    const watch = (client: Connection & { once(event: 'end', listener: () => void): unknown }): void => {
      this.#clients.add(client);
      this.connecting.begin(client);
      client.once('end', () => {
        this.#clients.delete(client);
        this.connecting.ended(client);
      });
    };
    return class extends Client {
      constructor(config: ClientConfig = {}) {
        // The timer of the pool would keep the process alive, that of a client does not. The password is not enumerable.
        const bounded = Object.defineProperties({}, Object.getOwnPropertyDescriptors(config));
        super(Object.assign(bounded, { connectionTimeoutMillis }));
        watch(this);
        containDamage(this as TakesApart);
      }
    };
  }
}

function withoutUndefined(config: PoolConfig): PoolConfig {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}
