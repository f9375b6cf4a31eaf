import { invalidArgument } from '@holdfast/core/adapter';

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/**
 * Checks a name that becomes part of SQL text. Only ASCII letters, digits and `_` get through, so no quoting
 * rule of any database can be broken by it; it is quoted all the same. 63 characters is what PostgreSQL keeps
 * of a name.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function checkIdentifier(argument: string, value: unknown): string {
  if (typeof value === 'string' && IDENTIFIER.test(value)) return value;
  throw invalidArgument(argument, '1 to 63 ASCII letters, digits and _, not starting with a digit', value);
}
