export type { MyStoreFilesystem } from './my-store-filesystem.ts';
export { openMyStore, type MyStoreOptions } from './open-my-store.ts';
