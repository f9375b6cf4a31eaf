import { accessSync, constants } from 'node:fs';
import { HoldfastError } from '@holdfast/core';
import { isError, withReason } from '@holdfast/core/adapter';
import type { FileCalls } from './unopened-file.ts';

/** What the system says of a file that is there, and that may not be written. Whatever else it says, SQLite will tell. */
const DENIED: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * Checks that a file may be written, if it is there. One that may not be SQLite opens for reading only, without a word; and the
 * connection stays like that, whatever becomes of the file.
 *
 * @throws HoldfastError `ACCESS_DENIED`
 */
export function checkWritable(file: string, files: Pick<FileCalls, 'accessSync'> = { accessSync }): void {
  try {
    files.accessSync(file, constants.W_OK);
  } catch (thrown) {
    const { code } = (isError(thrown) ? thrown : {}) as { readonly code?: unknown };
    if (!DENIED.has(code)) return;
    const message = withReason('the database file may not be written', thrown);
    throw new HoldfastError('ACCESS_DENIED', message, { outcome: 'not-applied', cause: thrown });
  }
}
