import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openLibsql, type LibsqlConfig } from '@holdfast/libsql';
import { makeScratchDirectory } from '@holdfast/test-support';
import { createClient } from '@libsql/client';
import type { LibsqlAddress } from '../run/servers.ts';
import type { OurStore } from './our-store.ts';

/** A store in a libSQL file of its own. */
export async function ourLibsqlFile(): Promise<OurStore> {
  const scratch = await makeScratchDirectory('bench');
  const filesystem = await openLibsql({ config: { url: pathToFileURL(join(scratch.path, 'store.db')).href } });
  return {
    name: '@holdfast/libsql in a file',
    filesystem,
    async [Symbol.asyncDispose]() {
      await filesystem.close();
      await scratch.remove();
    },
  };
}

/** A store on a libSQL server, in tables of its own, over what the URL says: HTTP or a WebSocket. */
export async function ourLibsqlServer(address: LibsqlAddress): Promise<OurStore> {
  return onServer('@holdfast/libsql', address, address);
}

/** A store on a libSQL server, opened as an embedded replica. */
export async function ourLibsqlReplica(address: LibsqlAddress): Promise<OurStore> {
  const scratch = await makeScratchDirectory('bench');
  const { url: syncUrl, ...rest } = address;
  const config = { ...rest, url: pathToFileURL(join(scratch.path, 'replica.db')).href, syncUrl };
  const store = await onServer('@holdfast/libsql as an embedded replica', config, address);
  return {
    ...store,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await scratch.remove();
    },
  };
}

async function onServer(name: string, config: LibsqlConfig, address: LibsqlAddress): Promise<OurStore> {
  const tablePrefix = `bench_${randomBytes(6).toString('hex')}_`;
  const filesystem = await openLibsql({ config, tablePrefix });
  return {
    name,
    filesystem,
    async [Symbol.asyncDispose]() {
      await filesystem.close();
      const client = createClient(address);
      const tables = ['entries', 'migration', 'migration_lock'];
      await client.batch(
        tables.map((table) => `drop table if exists "${tablePrefix}${table}"`),
        'write',
      );
      client.close();
    },
  };
}
