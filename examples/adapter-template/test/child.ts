import { openMyStore, type MyStoreFilesystem, type MyStoreOptions } from '../src/index.ts';

/** How a child process of the suite opens the store of a scenario. `input` is that of the harness. */
export function open(input: MyStoreOptions): Promise<MyStoreFilesystem> {
  return openMyStore(input);
}
