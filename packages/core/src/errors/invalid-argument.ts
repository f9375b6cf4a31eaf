import { HoldfastError } from './holdfast-error.ts';

/** An `INVALID_ARGUMENT` whose message names the argument, the rule, and only the *kind* of the value. */
export function invalidArgument(argument: string, rule: string, value: unknown): HoldfastError {
  return new HoldfastError('INVALID_ARGUMENT', `${argument} must be ${rule}; got ${kindOf(value)}`);
}

/** A short name for the kind of a value that never shows the value itself. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number out of range' : String(value);
  if (value === '') return 'an empty string';
  return value === undefined ? 'undefined' : `a value of type ${typeof value}`;
}

function isArray(value: unknown): boolean {
  try {
    return Array.isArray(value);
  } catch {
    // A revoked proxy. It is refused like anything else.
    return false;
  }
}
