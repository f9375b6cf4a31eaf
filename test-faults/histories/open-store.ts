import type { RootFilesystem } from '@holdfast/core';
import { openLibsql, type LibsqlConfig } from '@holdfast/libsql';
import { openMemory } from '@holdfast/memory';
import { openPostgres } from '@holdfast/postgres';
import { openSqlite } from '@holdfast/sqlite';

/** Where a store is. Survives JSON. */
export type StorePlace =
  | { readonly on: 'memory' }
  | { readonly on: 'sqlite'; readonly file: string }
  | { readonly on: 'libsql'; readonly config: LibsqlConfig; readonly tablePrefix?: string }
  | { readonly on: 'postgres'; readonly connectionString: string; readonly schema: string };

/** Opens one more instance of a store; of one in memory, a new store. */
export async function openStore(place: StorePlace): Promise<RootFilesystem> {
  switch (place.on) {
    case 'memory':
      return openMemory();
    case 'sqlite':
      return openSqlite({ file: place.file });
    case 'libsql': {
      const { config, tablePrefix } = place;
      return openLibsql(tablePrefix === undefined ? { config } : { config, tablePrefix });
    }
    case 'postgres':
      return openPostgres({ config: { connectionString: place.connectionString }, schema: place.schema });
  }
}
