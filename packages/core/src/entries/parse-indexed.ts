import { invalidArgument } from '../errors/invalid-argument.ts';
import { isPlainObject } from './plain-object.ts';
import { compareCodePoints, utf8Length } from '../paths/code-points.ts';
import type { IndexedProjection, IndexedScalar } from './entry.ts';

/** The most keys of an indexed projection; more is a document, not an index. */
export const MAX_INDEXED_KEYS = 32;

/** The longest indexed string in UTF-8 bytes: fits, with its key, a B-tree cell of every SQL backend. */
export const MAX_INDEXED_STRING_BYTES = 1024;

const KEY = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/**
 * Checks and copies an indexed projection, its keys in order so that equal projections encode equally.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseIndexed(value: unknown): IndexedProjection | undefined {
  if (value === undefined) return undefined;
  // A `Map` or a `Date` would count as an object without keys, and be lost in silence.
  if (!isPlainObject(value)) throw invalidArgument('entry.indexed', 'a plain object of scalars', value);
  const keys = Reflect.ownKeys(value);
  if (keys.length > MAX_INDEXED_KEYS) {
    throw invalidArgument('entry.indexed', `an object of at most ${MAX_INDEXED_KEYS} keys`, value);
  }
  const pairs = keys.map((key): [string, IndexedScalar] => {
    // `__proto__` has the form of an identifier but is no ordinary property of most objects.
    if (typeof key !== 'string' || !KEY.test(key) || key === '__proto__') {
      throw invalidArgument('each key of entry.indexed', 'an identifier of at most 128 characters', key);
    }
    return [key, parseScalar((value as Record<string, unknown>)[key])];
  });
  pairs.sort(([a], [b]) => compareCodePoints(a, b));
  return Object.freeze(Object.fromEntries(pairs));
}

function parseScalar(value: unknown): IndexedScalar {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return Object.is(value, -0) ? 0 : value;
  // Postgres stores no NUL in text, and a lone surrogate has no UTF-8 form.
  if (
    typeof value === 'string' &&
    !value.includes('\u0000') &&
    value.isWellFormed() &&
    utf8Length(value) <= MAX_INDEXED_STRING_BYTES
  ) {
    return value;
  }
  throw invalidArgument(
    'each value of entry.indexed',
    `null, a boolean, a finite number, or a well-formed string without NUL of at most ${MAX_INDEXED_STRING_BYTES} bytes`,
    value,
  );
}
