import { checkInteger } from '../filesystem/check-options.ts';

/** The most children or entries of one page. Bounds the memory and the backend's work of one call. */
export const MAX_PAGE_SIZE = 1000;

/** The page size when the caller names none. */
export const DEFAULT_PAGE_SIZE = 100;

/**
 * The most bytes of bodies of one page of `entries`, and how many there are when the caller names none, in bytes: 32 MiB.
 * Enough to make round trips rare, little enough for a small container.
 */
export const MAX_PAGE_BYTES: number = 32 * 1024 * 1024;

/**
 * Checks how many children or entries a page is to have.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function checkPageSize(name: string, value: unknown): number {
  return checkInteger(name, value, { min: 1, max: MAX_PAGE_SIZE, fallback: DEFAULT_PAGE_SIZE });
}
