import { HoldfastError } from './holdfast-error.ts';
import { nearestWord } from './nearest-word.ts';
import { isSpelledOut } from './spelled-out.ts';

/** Where keys belong that callers give one level too high: the names of other arguments, and the keys of each. */
export type Places = Readonly<Record<string, readonly string[]>>;

/**
 * The `INVALID_ARGUMENT` for a key that nobody reads. It names the key if that is an identifier of up to 64 characters,
 * which somebody has written into their program, and what was probably meant; any other key may be a value that ended up
 * in its place, and is not shown.
 */
export function unknownKey(
  argument: string,
  key: PropertyKey,
  known: readonly string[],
  places: Places = {},
): HoldfastError {
  const knownKeys = known.length === 0 ? 'there are none to know' : `known are ${known.join(', ')}`;
  if (!isSpelledOut(key)) {
    return new HoldfastError('INVALID_ARGUMENT', `${argument} has an unknown key; ${knownKeys}`);
  }
  const hint = hintFor(key, known, places);
  return new HoldfastError('INVALID_ARGUMENT', `${argument} has an unknown key ${key}${hint}; ${knownKeys}`);
}

function hintFor(key: string, known: readonly string[], places: Places): string {
  const place = Object.keys(places).find((name) => places[name]?.includes(key));
  if (place !== undefined) return ` (it belongs into ${place})`;
  const nearest = nearestWord(key, known);
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}
