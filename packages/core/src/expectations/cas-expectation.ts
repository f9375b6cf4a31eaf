import { invalidArgument } from '../errors/invalid-argument.ts';
import { isVersion, type Version } from '../versions/version.ts';

/**
 * The precondition of a `put`: nothing is there (`'absent'`), whatever is there (`'any'`), or exactly that
 * version is. There is no default, so nobody writes unconditionally by omission.
 */
export type CasExpectation = 'absent' | DeleteExpectation;

/** The precondition of a `delete`: whatever is there, or exactly that version. */
export type DeleteExpectation = 'any' | { readonly version: string };

/** The precondition of a `check` of a commit: nothing is there, or exactly that version is. */
export type CheckExpectation = 'absent' | { readonly version: string };

/** A checked {@link CasExpectation}, as adapters receive it. */
export type ParsedExpectation = 'absent' | ParsedDeleteExpectation;

/** A checked {@link DeleteExpectation}, as adapters receive it. */
export type ParsedDeleteExpectation = 'any' | { readonly version: Version };

/** A checked {@link CheckExpectation}, as adapters receive it. */
export type ParsedCheckExpectation = 'absent' | { readonly version: Version };

const VERSION_RULE = '{ version } with a version token';
const RULE = `"any" or ${VERSION_RULE}`;

/**
 * Checks the expectation of a `put`.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` for anything but the three shapes, also for `undefined`
 */
export function parseExpectation(value: unknown): ParsedExpectation {
  return value === 'absent' ? value : parse(value, `"absent", ${RULE}`);
}

/**
 * Checks the expectation of a `delete`.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` for anything but the two shapes, also for `undefined`
 */
export function parseDeleteExpectation(value: unknown): ParsedDeleteExpectation {
  return parse(value, RULE);
}

/**
 * Checks the expectation of a `check`.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` for anything but the two shapes, also for `'any'`, which would check nothing
 */
export function parseCheckExpectation(value: unknown): ParsedCheckExpectation {
  return value === 'absent' ? value : parseVersion(value, `"absent" or ${VERSION_RULE}`);
}

function parse(value: unknown, rule: string): ParsedDeleteExpectation {
  return value === 'any' ? value : parseVersion(value, rule);
}

function parseVersion(value: unknown, rule: string): { readonly version: Version } {
  if (typeof value === 'object' && value !== null) {
    const keys = Reflect.ownKeys(value);
    if (keys.length === 1 && keys[0] === 'version') {
      // Read once: a getter that answers differently the second time must not get past the check.
      const { version } = value as { readonly version: unknown };
      if (isVersion(version)) return Object.freeze({ version });
    }
  }
  throw invalidArgument('expectation', rule, value);
}
