import { readOptions } from '../filesystem/check-options.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';

/**
 * Checks the options of a layer that needs some.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function readLayerOptions<K extends string>(
  value: unknown,
  known: readonly K[],
): { readonly [Key in K]?: unknown } {
  if (value === undefined) throw invalidArgument('options', 'an object', value);
  return readOptions('options', value, known);
}
