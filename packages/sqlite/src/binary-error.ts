import { HoldfastError } from '@holdfast/core';
import { isError } from '@holdfast/core/adapter';
import { driverError, isDriverDenied, type DriverPackage } from '@holdfast/sql';

/** The driver, in the releases that `package.json` names. */
export const DRIVER: DriverPackage = { name: 'better-sqlite3', range: '>=12.8.0 <14' };

/**
 * The error of a driver whose binary cannot be loaded, with what to do about it; `undefined` for any other error.
 * better-sqlite3 loads it when the first database is opened, not when it is imported itself.
 */
export function binaryError(thrown: unknown): HoldfastError | undefined {
  if (!isError(thrown)) return undefined;
  if (isDriverDenied(thrown)) return driverError(DRIVER, thrown);
  if (!isAboutBinary(thrown)) return undefined;
  return new HoldfastError(
    'UNSUPPORTED',
    'better-sqlite3 has no binary for this Node and machine; run `npm rebuild better-sqlite3`, or install it again',
    { operation: 'open', outcome: 'not-applied', cause: thrown },
  );
}

function isAboutBinary({ code, message }: NodeJS.ErrnoException): boolean {
  // Compiled for another Node, another C library or another processor.
  if (code === 'ERR_DLOPEN_FAILED') return true;
  if (code === 'MODULE_NOT_FOUND') return message.includes('better_sqlite3.node');
  // Releases before 13 look for it with `bindings`, whose errors have no code.
  return message.startsWith('Could not locate the bindings file');
}
