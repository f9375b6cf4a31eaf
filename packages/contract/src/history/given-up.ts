import { isHoldfastError, type ErrorCode, type OperationOptions } from '@holdfast/core';
import { check } from '../support/check.ts';

/** That a caller gave up. */
export const GAVE_UP: unique symbol = Symbol('gave up');

const OF_CALLERS: readonly ErrorCode[] = ['ABORTED', 'TIMEOUT'];

/** What a read answered, or that its caller gave up; or, where what carries it fails, that it could not be made. */
export async function orGivenUp<T>(
  read: Promise<T>,
  options: OperationOptions,
  unreliable = false,
): Promise<T | typeof GAVE_UP> {
  try {
    return await read;
  } catch (error) {
    checkOwn(error, options);
    const codes = unreliable ? [...OF_CALLERS, 'UNAVAILABLE', 'BUSY'] : OF_CALLERS;
    if (isHoldfastError(error) && codes.includes(error.code)) return GAVE_UP;
    throw error;
  }
}

/** Nobody is told that a caller gave up but that caller. */
export function checkOwn(error: unknown, { signal }: OperationOptions): void {
  const isOthers = isHoldfastError(error, 'ABORTED') && signal === undefined;
  check(!isOthers, 'a signal to end the call that it was given to, and no other');
}
