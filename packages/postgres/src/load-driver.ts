import { driverError, type DriverPackage } from '@holdfast/sql';
import type { ClientBase, ClientConfig, Pool, PoolConfig } from 'pg';

/** The part of pg that is used. */
export interface PgDriver {
  readonly Pool: new (config: PoolConfig) => Pool;
  readonly Client: new (config?: ClientConfig) => ClientBase;
}

/** The driver, in the releases that `package.json` names. */
export const DRIVER: DriverPackage = { name: 'pg', range: '>=8.21.0 <9' };

/**
 * The classes of pg, loaded only when it is needed: who brings a pool of their own need not have this one.
 *
 * @throws HoldfastError `UNSUPPORTED` when it is not installed; `ACCESS_DENIED` when Node's permission model does not let
 * it be loaded
 */
export async function loadDriver(): Promise<PgDriver> {
  try {
    return (await import('pg')).default;
  } catch (thrown) {
    throw driverError(DRIVER, thrown);
  }
}
