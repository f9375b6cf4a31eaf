import type { SqliteDatabase, SqliteStatement } from '../../src/index.ts';
import { loadDriver } from '../../src/load-driver.ts';

/** A connection of the driver that no adapter knows of, closed when disposed of, with more of what it can do. */
export interface RawDatabase extends SqliteDatabase, Disposable {
  prepare(source: string): SqliteStatement & { iterate(): IterableIterator<unknown> };
  defaultSafeIntegers(): unknown;
  function(
    name: string,
    options: { readonly deterministic?: boolean; readonly varargs?: boolean },
    run: () => unknown,
  ): unknown;
}

type RawConstructor = new (
  file: string,
  options?: { readonly timeout?: number; readonly readonly?: boolean },
) => Omit<RawDatabase, typeof Symbol.dispose>;

export async function openRaw(...args: ConstructorParameters<RawConstructor>): Promise<RawDatabase> {
  const Database = (await loadDriver()) as unknown as RawConstructor;
  const database = new Database(...args);
  return Object.assign(database, { [Symbol.dispose]: () => void database.close() });
}
