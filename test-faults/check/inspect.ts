import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore, type StoreAt } from '../load/open-store.ts';

/** Longer ago than a temporary file may be that somebody still writes. */
const LONG_AGO = new Date(Date.now() - 24 * 3_600_000);

/** What is wrong with a store that nobody has open, below all that can be asked of it. */
export async function inspect(store: StoreAt): Promise<readonly string[]> {
  switch (store.adapter) {
    case 'sqlite':
      return inspectSqlite(store.options.file ?? '');
    case 'libsql':
      return inspectLibsql(store.options.config?.url ?? '');
    case 'local-disk':
      return temporaryFilesThatStay(store.options.root);
    case 'postgres':
      return [];
  }
}

async function inspectSqlite(file: string): Promise<readonly string[]> {
  const { default: Database } = await import('better-sqlite3');
  const database = new Database(file);
  const found = database.pragma('integrity_check', { simple: true });
  database.close();
  return found === 'ok' ? [] : [String(found)];
}

async function inspectLibsql(url: string): Promise<readonly string[]> {
  // On a server it is the server's.
  if (!url.startsWith('file:')) return [];
  const { createClient } = await import('@libsql/client');
  const client = createClient({ url });
  const { rows } = await client.execute('pragma integrity_check');
  client.close();
  const [found] = Object.values(rows[0] ?? {});
  return found === 'ok' ? [] : [JSON.stringify(found)];
}

/** Temporary files that are still there once they are old and somebody has read the directory. */
async function temporaryFilesThatStay(root: string): Promise<readonly string[]> {
  for (const file of await temporaryFiles(root)) await utimes(file, LONG_AGO, LONG_AGO);
  await using store = await openStore({ adapter: 'local-disk', options: { root } });
  for await (const { path } of store.entries('/')) {
    if (path.includes('.holdfast-')) return [`${path} is an entry`];
  }
  return await temporaryFiles(root);
}

async function temporaryFiles(root: string): Promise<readonly string[]> {
  const all = await readdir(root, { recursive: true, withFileTypes: true });
  return all.filter(({ name }) => name.startsWith('.holdfast-')).map(({ parentPath, name }) => join(parentPath, name));
}
