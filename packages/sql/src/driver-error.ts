import { HoldfastError } from '@holdfast/core';
import { isError, withReason } from '@holdfast/core/adapter';

/** A driver that users install beside the adapter. */
export interface DriverPackage {
  /** As it is imported. */
  readonly name: string;
  /** The releases that the adapter works with, as in its `package.json`. */
  readonly range: string;
}

/** What Node's permission model says when it lets nobody load native code, or read the files of a package. */
const NOT_PERMITTED: ReadonlySet<unknown> = new Set(['ERR_DLOPEN_DISABLED', 'ERR_ACCESS_DENIED']);

/** Whether Node's permission model is why a driver could not be loaded. */
export function isDriverDenied(thrown: unknown): boolean {
  return NOT_PERMITTED.has(codeOf(thrown));
}

/**
 * The error of a driver that could not be loaded, with what to do about it. Loading it again would do no better.
 *
 * @returns `ACCESS_DENIED` where Node's permission model is why; else `UNSUPPORTED`
 */
export function driverError({ name, range }: DriverPackage, thrown: unknown): HoldfastError {
  const details = { operation: 'open', outcome: 'not-applied', cause: thrown } as const;
  const install = `run \`npm install ${name}@"${range}"\``;
  if (isDriverDenied(thrown)) {
    const message = `Node's permission model does not let ${name} be loaded; run Node with --allow-addons and a fitting --allow-fs-read`;
    return new HoldfastError('ACCESS_DENIED', withReason(message, thrown), details);
  }
  if (codeOf(thrown) === 'ERR_MODULE_NOT_FOUND') {
    return new HoldfastError('UNSUPPORTED', `${name} is not installed; ${install}`, details);
  }
  return new HoldfastError('UNSUPPORTED', `${withReason(`${name} cannot be loaded`, thrown)}; ${install}`, details);
}

function codeOf(thrown: unknown): unknown {
  return isError(thrown) ? (thrown as { readonly code?: unknown }).code : undefined;
}
