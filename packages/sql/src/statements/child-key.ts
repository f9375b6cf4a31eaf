import { sql, type RawBuilder } from 'kysely';
import type { SqlProfile } from '../profile.ts';
import { wordsOf } from './words.ts';

/**
 * Stands for `/` in child keys: no path has a control character, so it sorts before every other character.
 * That puts an entry, then all that lies below it, then its next sibling by *name*. In the order of paths
 * `/d/a!b` would come between `/d/a` and `/d/a/x`.
 */
const SEPARATOR = 1;

/** Behind everything that continues with the separator, before everything that continues with a character. */
const AFTER_SEPARATOR = 2;

/** The child key of a path, as the index holds it. */
export function childKey(path: string): string {
  return path.replaceAll('/', String.fromCharCode(SEPARATOR));
}

/** The least string that sorts behind the child key and everything below it. */
export function afterChildKey(key: string): string {
  return key + String.fromCharCode(AFTER_SEPARATOR);
}

/** The name of a child, of what its key, or that of an entry below it, has behind the prefix; and which of both it is. */
export function childOf(rest: string): { readonly name: string; readonly isEntry: boolean } {
  const end = rest.indexOf(String.fromCharCode(SEPARATOR));
  return end < 0 ? { name: rest, isEntry: true } : { name: rest.slice(0, end), isEntry: false };
}

/** The SQL of the above. An index is used only where the expression is the very same. */
export interface ChildKeySql {
  readonly key: RawBuilder<string>;
  readonly separator: RawBuilder<string>;
  readonly afterSeparator: RawBuilder<string>;
}

/** The child key expressions in the words of a dialect. */
export function childKeySql(profile: Pick<SqlProfile, 'functions' | 'operator'>): ChildKeySql {
  const { call } = wordsOf(profile);
  const separator = call<string>('character', sql.lit(SEPARATOR));
  return {
    key: call('replace', sql.ref('path'), sql.lit('/'), separator),
    separator,
    afterSeparator: call('character', sql.lit(AFTER_SEPARATOR)),
  };
}
