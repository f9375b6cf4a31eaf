import { openSqlite, type SqliteFilesystem } from '../../src/index.ts';

/** How a child process of the contract suite opens the store, with a thread that writes. */
export function open(input: unknown): Promise<SqliteFilesystem> {
  return openSqlite({ file: input as string, writes: 'thread' });
}
