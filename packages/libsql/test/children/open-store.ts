import { openLibsql, type LibsqlFilesystem, type LibsqlOptions } from '../../src/index.ts';

/** How a child process of the contract suite opens the store. */
export function open(input: unknown): Promise<LibsqlFilesystem> {
  return openLibsql(input as LibsqlOptions);
}
