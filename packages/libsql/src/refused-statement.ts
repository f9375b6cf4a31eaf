import { isError } from '@holdfast/core/adapter';
import { libsqlError } from './errors.ts';
import type { Written } from './work.ts';

/**
 * Which statement of a batch the database refused, by what `batch` of the client threw. All of the batch is undone then: it is
 * committed only behind its last statement.
 *
 * @throws what it was for any other reason, as an error of ours
 */
export function refusedStatement(thrown: unknown): Written {
  const { statementIndex } = (isError(thrown) ? thrown : {}) as { readonly statementIndex?: unknown };
  const error = libsqlError(thrown);
  // One that may go well the next time is no fault of a statement.
  if (typeof statementIndex !== 'number' || error.retryable) throw error;
  return { refused: statementIndex, error: libsqlError(thrown, 'not-applied') };
}
