import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DRIVERS = ['better-sqlite3', '@libsql/client', 'pg'];

/** The drivers that the runtimes were tried with, in words. */
export function driverVersions(): string {
  const versions = DRIVERS.map((name) => {
    const manifest = join(import.meta.dirname, '../node_modules', name, 'package.json');
    return `${name} ${(JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version}`;
  });
  return `Tried with ${versions.join(', ')}.`;
}
