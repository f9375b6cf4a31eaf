import { openLibsql, type LibsqlFilesystem, type LibsqlOptions } from '@holdfast/libsql';

/** How a child process opens the store: `input` is the options. */
export function open(input: unknown): Promise<LibsqlFilesystem> {
  return openLibsql(input as LibsqlOptions);
}
