import { join } from 'node:path';
import { makeScratchDirectory } from '@holdfast/test-support';
import { createClient, type Client } from '@libsql/client';
import type { LibsqlConfig } from '../../src/index.ts';

/** A directory of its own for one test, and a name for a database in it. Removed when disposed of. */
export interface Scratch extends AsyncDisposable {
  readonly directory: string;
  readonly file: string;
  readonly config: LibsqlConfig;
  /** A client of the driver on the file that no adapter knows of, closed with the directory. */
  raw(): Client;
}

/** Makes the directory, and nothing in it yet. */
export async function makeScratch(): Promise<Scratch> {
  const { path: directory, remove } = await makeScratchDirectory('libsql');
  const file = join(directory, 'secret-name.db');
  const clients: Client[] = [];
  return {
    directory,
    file,
    config: { url: `file:${file}` },
    raw() {
      const client = createClient({ url: `file:${file}` });
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.close();
      await remove();
    },
  };
}
