import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { HoldfastError } from '@holdfast/core';

/** The Node-API that the binary of better-sqlite3 needs from release 13 on. */
const NODE_API_OF_DRIVER = 10;
const DRIVER_WITH_IT = 13;

/**
 * Refuses a driver whose binary needs a newer Node-API than this Node has: Node loads it all the same, and then crashes.
 *
 * @throws HoldfastError `UNSUPPORTED`
 */
export async function checkNodeApi(): Promise<void> {
  const { napi, node } = process.versions;
  if (!(Number(napi) < NODE_API_OF_DRIVER)) return;
  const driver = await driverVersion();
  if (driver === undefined || Number.parseFloat(driver) < DRIVER_WITH_IT) return;
  throw new HoldfastError(
    'UNSUPPORTED',
    `better-sqlite3 ${driver} needs Node 22.14 or later, which has Node-API ${NODE_API_OF_DRIVER}; this is Node ${node}`,
    { operation: 'open' },
  );
}

async function driverVersion(): Promise<string | undefined> {
  try {
    // `lib/index.js`; the manifest is no export.
    const main = createRequire(import.meta.url).resolve('better-sqlite3');
    const manifest = await readFile(join(dirname(main), '../package.json'), 'utf8');
    const { version } = JSON.parse(manifest) as { readonly version?: unknown };
    return typeof version === 'string' ? version : undefined;
  } catch {
    // One that is not there, or elsewhere, is told about when it is loaded.
    return undefined;
  }
}
