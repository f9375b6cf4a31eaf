import { HoldfastError } from './holdfast-error.ts';
import { kindOf } from './kind-of.ts';

/** An `INVALID_ARGUMENT` whose message names the argument, the rule, and only the *kind* of the value. */
export function invalidArgument(argument: string, rule: string, value: unknown): HoldfastError {
  return new HoldfastError('INVALID_ARGUMENT', `${argument} must be ${rule}; got ${kindOf(value)}`);
}
