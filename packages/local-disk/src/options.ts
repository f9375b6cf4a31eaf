import { HoldfastError } from '@holdfast/core';
import { checkInteger, readOptions, invalidArgument } from '@holdfast/core/adapter';

/** The longest body when the caller names none, in bytes: 64 MiB. */
export const DEFAULT_MAX_BODY_BYTES: number = 64 * 1024 * 1024;

/** The highest limit there can be, in bytes: what one read call of the operating system can give. */
const HIGHEST_MAX_BODY_BYTES = 2 ** 31 - 1;

/** The options of `openLocalDisk`. */
export interface LocalDiskOptions {
  /**
   * The directory to keep entries in; relative to the working directory at the time of the call, when not
   * absolute. It may be, or be below, a symbolic link; below it none is ever followed.
   */
  readonly root: string;
  /** Makes the root, and the directories above it, when it is not there. By default that is an error. */
  readonly create?: boolean | undefined;
  /** The longest body in bytes, to write and to read: 1 to 2,147,483,647, by default 64 MiB. */
  readonly maxBodyBytes?: number | undefined;
}

/** Options that were checked, each with a value. */
export type ParsedOptions = { readonly [K in keyof LocalDiskOptions]-?: NonNullable<LocalDiskOptions[K]> };

/** @throws HoldfastError `INVALID_ARGUMENT` */
export function parseOptions(value: unknown): ParsedOptions {
  const { root, create, maxBodyBytes } = readOptions('options', value, ['root', 'create', 'maxBodyBytes']);
  if (typeof root !== 'string' || root === '' || root.includes('\0')) {
    throw wrongType('root', 'the path of a directory', root);
  }
  if (create !== undefined && typeof create !== 'boolean') throw wrongType('create', 'a boolean', create);
  const bounds = { min: 1, max: HIGHEST_MAX_BODY_BYTES, fallback: DEFAULT_MAX_BODY_BYTES };
  return { root, create: create ?? false, maxBodyBytes: checkInteger('maxBodyBytes', maxBodyBytes, bounds) };
}

/** Where no number is right, none is out of range. */
function wrongType(option: string, rule: string, value: unknown): HoldfastError {
  if (typeof value !== 'number') return invalidArgument(option, rule, value);
  return new HoldfastError('INVALID_ARGUMENT', `${option} must be ${rule}; got a number`);
}
