import { HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { unknownKey, type Places } from '../errors/unknown-key.ts';

/**
 * Refuses keys that nobody reads, so that a misspelt option is an error and not a silent default. `places` are the keys
 * of other arguments, which callers may have given here.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`, which names the key if that is an identifier
 */
export function checkKeys(argument: string, value: object, known: readonly string[], places?: Places): void {
  for (const key of Reflect.ownKeys(value)) {
    if (typeof key !== 'string' || !known.includes(key)) throw unknownKey(argument, key, known, places);
  }
}

/**
 * Checks an options bag: an object, or nothing, with known keys only.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function checkOptions<K extends string>(value: unknown, known: readonly K[]): { readonly [Key in K]?: unknown } {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null) throw invalidArgument('options', 'an object', value);
  checkKeys('options', value, known);
  return value;
}

/**
 * Checks an options bag of an `open` function, and reads every option once: what comes back are own plain values,
 * whatever code of the caller stands behind the ones that were given.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function readOptions<K extends string>(
  argument: string,
  value: unknown,
  known: readonly K[],
  places?: Places,
): { readonly [Key in K]?: unknown } {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null) throw invalidArgument(argument, 'an object', value);
  try {
    checkKeys(argument, value, known, places);
    const given = value as { readonly [Key in K]?: unknown };
    return Object.fromEntries(known.map((key) => [key, given[key]])) as { readonly [Key in K]?: unknown };
  } catch (cause) {
    if (isHoldfastError(cause)) throw cause;
    throw new HoldfastError('INVALID_ARGUMENT', `${argument} must be readable`, { cause });
  }
}

/**
 * Checks that an argument is an array, and reads it once: what comes back is a copy without holes.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function readArray(argument: string, value: unknown): readonly unknown[] {
  let elements: unknown[] | undefined;
  try {
    if (Array.isArray(value)) elements = Array.from(value as unknown[]);
  } catch (cause) {
    throw new HoldfastError('INVALID_ARGUMENT', `${argument} must be readable`, { cause });
  }
  if (elements === undefined) throw invalidArgument(argument, 'an array', value);
  return elements;
}

/**
 * Checks a whole number option and gives its default when it is absent.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function checkInteger(
  name: string,
  value: unknown,
  bounds: { readonly min: number; readonly max: number; readonly fallback: number },
): number {
  if (value === undefined) return bounds.fallback;
  if (Number.isInteger(value) && (value as number) >= bounds.min && (value as number) <= bounds.max) {
    return value as number;
  }
  throw invalidArgument(name, `an integer from ${bounds.min} to ${bounds.max}`, value);
}
