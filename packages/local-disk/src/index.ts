export type { LocalDiskCapabilities } from './capabilities.ts';
export type { LocalDiskFilesystem } from './local-disk-filesystem.ts';
export { openLocalDisk } from './open-local-disk.ts';
export { DEFAULT_MAX_BODY_BYTES, type LocalDiskOptions } from './options.ts';
