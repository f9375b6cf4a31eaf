import type { RootFilesystem } from '@holdfast/core';
import type { LibsqlOptions } from '@holdfast/libsql';
import type { LocalDiskOptions } from '@holdfast/local-disk';
import type { PostgresOptions } from '@holdfast/postgres';
import type { SqliteOptions } from '@holdfast/sqlite';

/** A store that can be opened in any process: what is given to which `open…`. */
export type StoreAt =
  | { readonly adapter: 'sqlite'; readonly options: SqliteOptions }
  | { readonly adapter: 'libsql'; readonly options: LibsqlOptions }
  | { readonly adapter: 'local-disk'; readonly options: LocalDiskOptions }
  | { readonly adapter: 'postgres'; readonly options: PostgresOptions };

/** Opens it, and loads nothing but the adapter that it needs. */
export async function openStore(store: StoreAt): Promise<RootFilesystem> {
  switch (store.adapter) {
    case 'sqlite':
      return (await import('@holdfast/sqlite')).openSqlite(store.options);
    case 'libsql':
      return (await import('@holdfast/libsql')).openLibsql(store.options);
    case 'local-disk':
      return (await import('@holdfast/local-disk')).openLocalDisk(store.options);
    case 'postgres':
      return (await import('@holdfast/postgres')).openPostgres(store.options);
  }
}
