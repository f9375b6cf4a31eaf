import type { RootFilesystem, VersionedCapabilities } from '@holdfast/core';

/** A new store of ours, which is gone, with its files or tables, once it is disposed of. */
export interface OurStore extends AsyncDisposable {
  /** What it is: `@holdfast/sqlite`. */
  readonly name: string;
  readonly filesystem: RootFilesystem<VersionedCapabilities>;
}
