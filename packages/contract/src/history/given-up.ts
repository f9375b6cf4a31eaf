import { isHoldfastError, type OperationOptions } from '@holdfast/core';
import { check } from '../support/check.ts';

/** That a caller gave up. */
export const GAVE_UP: unique symbol = Symbol('gave up');

/** What a read answered, or that its caller gave up. */
export async function orGivenUp<T>(read: Promise<T>, options: OperationOptions): Promise<T | typeof GAVE_UP> {
  try {
    return await read;
  } catch (error) {
    checkOwn(error, options);
    if (isHoldfastError(error, 'ABORTED') || isHoldfastError(error, 'TIMEOUT')) return GAVE_UP;
    throw error;
  }
}

/** Nobody is told that a caller gave up but that caller. */
export function checkOwn(error: unknown, { signal }: OperationOptions): void {
  const isOthers = isHoldfastError(error, 'ABORTED') && signal === undefined;
  check(!isOthers, 'a signal to end the call that it was given to, and no other');
}
