import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createClient } from '@libsql/client';
import Database from 'better-sqlite3';
import type { KilledBackend } from './killed-backend.ts';
import { openStore, type StoreAt } from './open-store.ts';

/** SQLite in a file, to which two processes write. */
export const sqliteFile: KilledBackend = {
  endsWithProcess: true,
  onDisk: false,
  makeStores: async (directory) => [{ adapter: 'sqlite', options: { file: join(directory, 'store.db') } }],
  async inspect({ options }) {
    const database = new Database((options as { readonly file: string }).file);
    const found = database.pragma('integrity_check', { simple: true });
    database.close();
    return found === 'ok' ? [] : [String(found)];
  },
};

/** libSQL in files, each of which is one process's. */
export const libsqlFile: KilledBackend = {
  endsWithProcess: true,
  onDisk: false,
  async makeStores(directory) {
    const store = (lane: number): StoreAt => {
      const url = pathToFileURL(join(directory, `store-${lane}.db`)).href;
      return { adapter: 'libsql', options: { config: { url } } };
    };
    return [store(0), store(1)];
  },
  async inspect({ options }) {
    const client = createClient((options as { readonly config: { readonly url: string } }).config);
    const { rows } = await client.execute('pragma integrity_check');
    client.close();
    const [found] = Object.values(rows[0] ?? {});
    return found === 'ok' ? [] : [JSON.stringify(found)];
  },
};

/** A local disk, to which two processes write. */
export const localDisk: KilledBackend = {
  endsWithProcess: true,
  onDisk: true,
  makeStores: async (directory) => [
    { adapter: 'local-disk', options: { root: join(directory, 'root'), create: true } },
  ],
  inspect: temporaryFilesThatStay,
};

/** Longer ago than a temporary file may be, that is not one that was left behind. */
const LONG_AGO = new Date(Date.now() - 24 * 3_600_000);

/** Temporary files that are still there once they are old and somebody has read the directory. */
async function temporaryFilesThatStay(store: StoreAt): Promise<readonly string[]> {
  const { root } = store.options as { readonly root: string };
  for (const file of await temporaryFiles(root)) await utimes(file, LONG_AGO, LONG_AGO);
  await using opened = await openStore(store);
  for await (const { path } of opened.entries('/')) {
    if (path.includes('.holdfast-')) return [`${path} is an entry`];
  }
  return await temporaryFiles(root);
}

async function temporaryFiles(root: string): Promise<readonly string[]> {
  const all = await readdir(root, { recursive: true, withFileTypes: true });
  return all.filter(({ name }) => name.startsWith('.holdfast-')).map(({ parentPath, name }) => join(parentPath, name));
}
