import { driverError, type DriverPackage } from '@holdfast/sql';
import type { CreateClient } from './client.ts';

/** The driver, in the releases that `package.json` names. */
export const DRIVER: DriverPackage = { name: '@libsql/client', range: '>=0.18.0 <0.19' };

/**
 * `createClient` of @libsql/client, loaded only when it is needed.
 *
 * @throws HoldfastError `UNSUPPORTED` when it is not installed or has no binary for this machine; `ACCESS_DENIED` when
 * Node's permission model does not let it be loaded
 */
export async function loadDriver(): Promise<CreateClient> {
  try {
    return (await import('@libsql/client')).createClient as CreateClient;
  } catch (thrown) {
    throw driverError(DRIVER, thrown);
  }
}
