import type { RootFilesystem } from '@holdfast/core';

/** One way to wrap a filesystem: in a mount table, a view, a layer, or several of them. */
export interface Wrapper {
  /** What it is called in titles. */
  readonly id: string;
  /** Whether it has all the others in it: `npm test` runs the suite through it on every backend, and not on memory only. */
  readonly standsForAll?: true;
  /** Wraps a filesystem; closing what it gives closes that too. */
  wrap(filesystem: RootFilesystem): RootFilesystem;
}
