import { HoldfastError } from '@holdfast/core';
import type { Pool, PoolConfig } from 'pg';

/**
 * The pool class of pg, loaded only when it is needed: who brings a pool of their own need not have this one.
 *
 * @throws HoldfastError `UNAVAILABLE` when it is not installed
 */
export async function loadDriver(): Promise<new (config: PoolConfig) => Pool> {
  try {
    return (await import('pg')).default.Pool;
  } catch (cause) {
    throw new HoldfastError('UNAVAILABLE', 'pg cannot be loaded; is it installed?', { operation: 'open', cause });
  }
}
