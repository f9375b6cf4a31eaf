export {
  DEFAULT_MAX_BODY_BYTES,
  MAX_COMMIT_BYTES,
  MAX_COMMIT_CHANGES,
  type MemoryCapabilities,
} from './capabilities.ts';
export { MemoryFilesystem } from './memory-filesystem.ts';
export { openMemory, type MemoryOptions } from './open-memory.ts';
