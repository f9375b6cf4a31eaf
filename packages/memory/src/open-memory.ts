import { checkInteger, readOptions } from '@holdfast/core/adapter';
import { DEFAULT_MAX_BODY_BYTES, HIGHEST_MAX_BODY_BYTES, memoryCapabilities } from './capabilities.ts';
import { MemoryFilesystem } from './memory-filesystem.ts';

/** The options of {@link openMemory}. */
export interface MemoryOptions {
  /** The longest body, in bytes; by default 16 MiB. */
  readonly maxBodyBytes?: number | undefined;
}

/**
 * Opens a new, empty store in memory. Every call gives a store of its own.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function openMemory(options?: MemoryOptions): MemoryFilesystem {
  const { maxBodyBytes } = readOptions('options', options, ['maxBodyBytes']);
  const bounds = { min: 1, max: HIGHEST_MAX_BODY_BYTES, fallback: DEFAULT_MAX_BODY_BYTES };
  return new MemoryFilesystem(memoryCapabilities(checkInteger('maxBodyBytes', maxBodyBytes, bounds)));
}
