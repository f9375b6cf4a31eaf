import { invalidArgument } from '../errors/invalid-argument.ts';
import { readOptions } from '../filesystem/check-options.ts';
import { parseSignal, parseTimeout, type OperationLimits } from '../filesystem/operation-options.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';

/**
 * Checks that an argument is a filesystem. A `Map`, which has some of the same methods, is none.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function checkFilesystem(value: unknown): asserts value is RootFilesystem {
  if (typeof (value as Partial<RootFilesystem> | null | undefined)?.capabilitiesAt === 'function') return;
  // Most often the promise that an `open` function gives.
  throw invalidArgument('filesystem', 'an opened filesystem, awaited', value);
}

/** The options of a helper, each read once. */
export type HelperOptions<K extends string> = OperationLimits & { readonly [Key in K]?: unknown };

/**
 * Checks the options that every helper takes, and reads those that only this one takes.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function readHelperOptions<K extends string = never>(value: unknown, more: readonly K[] = []): HelperOptions<K> {
  const given: Partial<Record<string, unknown>> = readOptions('options', value, ['signal', 'timeoutMs', ...more]);
  return {
    ...given,
    signal: parseSignal(given['signal']),
    timeoutMs: parseTimeout(given['timeoutMs']),
  };
}
