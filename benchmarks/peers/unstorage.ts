import { join } from 'node:path';
import { makeScratchDirectory } from '@holdfast/test-support';
import { createDatabase } from 'db0';
import sqlite from 'db0/connectors/better-sqlite3';
import { createStorage, type Driver } from 'unstorage';
import db0Driver from 'unstorage/drivers/db0';
import type { Counter } from '../records/counter.ts';
import { durabilityOf, makeDurable } from './sqlite-settings.ts';
import type { ValueStore } from './value-store.ts';

/** unstorage on better-sqlite3, by its driver for db0. */
export async function unstorage(): Promise<ValueStore> {
  const scratch = await makeScratchDirectory('bench');
  const database = createDatabase(sqlite({ path: join(scratch.path, 'peer.db') }));
  const connection = await database.getInstance();
  makeDurable(connection);
  // Its types name a module that only a bundler finds.
  const storage = createStorage<Counter>({ driver: db0Driver({ database }) as Driver });
  return {
    name: 'unstorage on better-sqlite3 (db0)',
    durability: durabilityOf(connection),
    get: (key) => storage.getItem(key),
    set: (key, value) => storage.setItem(key, value),
    async [Symbol.asyncDispose]() {
      await storage.dispose();
      await database.dispose();
      await scratch.remove();
    },
  };
}
