import { HoldfastError } from '@holdfast/core';
import type { ClientBase, ClientConfig, Pool, PoolConfig } from 'pg';

/** The part of pg that is used. */
export interface PgDriver {
  readonly Pool: new (config: PoolConfig) => Pool;
  readonly Client: new (config?: ClientConfig) => ClientBase;
}

/**
 * The classes of pg, loaded only when it is needed: who brings a pool of their own need not have this one.
 *
 * @throws HoldfastError `UNAVAILABLE` when it is not installed
 */
export async function loadDriver(): Promise<PgDriver> {
  try {
    return (await import('pg')).default;
  } catch (cause) {
    throw new HoldfastError('UNAVAILABLE', 'pg cannot be loaded; is it installed?', { operation: 'open', cause });
  }
}
