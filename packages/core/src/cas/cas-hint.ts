import { invalidArgument } from '../errors/invalid-argument.ts';
import { isVersion } from '../versions/version.ts';
import type { CasResult } from './cas-result.ts';

/**
 * A record as it was at some moment, such as the result of an earlier `casUpdate`; without a snapshot and without a version
 * that there was none. Other keys are not looked at.
 */
export type CasHint<T> = Pick<CasResult<T, unknown>, 'snapshot' | 'version'>;

/**
 * Checks a hint. The snapshot itself is copied by being encoded.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseHint<T>(value: unknown): CasHint<T> | undefined {
  if (value === undefined) return undefined;
  const expected = 'a snapshot and its version, or neither';
  if (typeof value !== 'object' || value === null) throw invalidArgument('hint', expected, value);
  // Said outright: what has other keys is not taken for a record that is absent.
  if (!('snapshot' in value && 'version' in value)) throw invalidArgument('hint', expected, value);
  const { snapshot, version } = value as CasHint<T>;
  const isWhole = version === undefined ? snapshot === undefined : isVersion(version) && snapshot !== undefined;
  if (!isWhole) throw invalidArgument('hint', expected, value);
  return { snapshot, version };
}
