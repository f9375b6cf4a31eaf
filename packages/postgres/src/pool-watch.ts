import { SaturationWatch } from '@holdfast/core/adapter';
import type { Pool } from 'pg';

/** What is known of a pool by listening to it. */
export interface PoolWatch {
  /** How many of its connections are checked out, by anybody, of those that were since the watch began. */
  inUse(): number;
  /** Stops listening. */
  end(): void;
}

interface SharedWatch {
  users: number;
  inUse: number;
  stop(): void;
}

const watches = new WeakMap<Pool, SharedWatch>();

/**
 * Listens to a pool, once for all who watch it. Above all to its errors: the server may close an idle connection at
 * any time, and a pool to which nobody listens then ends the process. The pool itself has removed the connection
 * by then. When 80 % of its connections are in use, by whomever, that is published once.
 */
export function watchPool(pool: Pool): PoolWatch {
  const shared = watches.get(pool) ?? listen(pool);
  watches.set(pool, shared);
  shared.users += 1;
  return {
    inUse: () => shared.inUse,
    end() {
      shared.users -= 1;
      if (shared.users > 0) return;
      watches.delete(pool);
      shared.stop();
    },
  };
}

function listen(pool: Pool): SharedWatch {
  const saturation = new SaturationWatch('openPostgres config.max', pool.options.max);
  const use = (inUse: number): void => {
    shared.inUse = inUse;
    saturation.update(inUse);
  };
  const onError = (): void => {};
  const onAcquire = (): void => use(shared.inUse + 1);
  const onRelease = (): void => use(Math.max(0, shared.inUse - 1));
  const shared: SharedWatch = {
    users: 0,
    inUse: 0,
    stop() {
      pool.off('error', onError).off('acquire', onAcquire).off('release', onRelease);
    },
  };
  pool.on('error', onError).on('acquire', onAcquire).on('release', onRelease);
  return shared;
}
