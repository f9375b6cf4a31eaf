import { openSqlite, type SqliteFilesystem } from '../../src/index.ts';

/** How a child process of the contract suite opens the store. */
export function open(input: unknown): Promise<SqliteFilesystem> {
  return openSqlite({ file: input as string });
}
