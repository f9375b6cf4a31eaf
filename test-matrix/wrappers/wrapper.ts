import type { RootFilesystem } from '@holdfast/core';

/** One way to wrap a filesystem: in a mount table, a view, a layer, or several of them. */
export interface Wrapper {
  /** What it is called in titles. */
  readonly id: string;
  /** Wraps a filesystem; closing what it gives closes that too. */
  wrap(filesystem: RootFilesystem): RootFilesystem;
}
