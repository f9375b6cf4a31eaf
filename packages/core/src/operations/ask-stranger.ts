import type { HoldfastError } from '../errors/holdfast-error.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { errorOf, type Named } from './named.ts';
import type { Operation } from './operation.ts';
import { untilOver } from './until-over.ts';

/**
 * Has a filesystem do an operation that knows nothing of operations as values: by its public methods. One that does not
 * keep to the deadline is left behind.
 *
 * @throws HoldfastError `UNSUPPORTED` for an operation that they do not have; `TIMEOUT`, `ABORTED`; or what it throws
 */
export async function askStranger<R>(filesystem: RootFilesystem, operation: Operation<R>): Promise<R> {
  const tooLate = operation.exhausted();
  if (tooLate !== undefined) throw tooLate;
  return await untilOver(ask(filesystem, operation), operation);
}

/** Asks it. It may give no promise, and throw at once. */
async function ask<R>(filesystem: RootFilesystem, operation: Operation<R>): Promise<R> {
  const { kind, call } = operation;
  if (kind.ask === undefined) throw cannotGoThrough(operation);
  const working = Promise.withResolvers<void>();
  call.observer?.began(working.promise);
  try {
    return await kind.ask(filesystem, operation);
  } finally {
    working.resolve();
  }
}

/** The refusal of an operation that no public method can do: `UNSUPPORTED`. */
export function cannotGoThrough(operation: Named): HoldfastError {
  return errorOf(operation, 'UNSUPPORTED', NO_PLANE, { capability: 'planes' });
}

const NO_PLANE =
  'the operation cannot go through a filesystem that is no adapter or layer of Holdfast, or overrides a public method';
