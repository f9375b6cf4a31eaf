import { HoldfastError } from '@holdfast/core';
import type { CreateClient } from './client.ts';

/**
 * `createClient` of @libsql/client, loaded only when it is needed.
 *
 * @throws HoldfastError `UNAVAILABLE` when it is not installed or has no binary for this machine
 */
export async function loadDriver(): Promise<CreateClient> {
  try {
    return (await import('@libsql/client')).createClient as CreateClient;
  } catch (cause) {
    throw new HoldfastError('UNAVAILABLE', '@libsql/client cannot be loaded; is it installed?', {
      operation: 'open',
      cause,
    });
  }
}
