import { openSqlite, type SqliteFilesystem } from '@holdfast/sqlite';

/** How a child process opens the store: `input` is the file. */
export function open(input: unknown): Promise<SqliteFilesystem> {
  return openSqlite({ file: input as string });
}
