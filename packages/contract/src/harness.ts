import type { RootFilesystem } from '@holdfast/core';
import type { BaseFilesystem } from '@holdfast/core/adapter';

/** What an adapter author hands the suite. */
export interface Harness {
  /** Shown in titles and reports. */
  readonly name: string;
  /** The version of the adapter, for the report. */
  readonly version?: string;
  /** Makes a new, empty store that nothing else uses. Called once for every scenario, and for every sequence of `model.*`. */
  createStore(): Promise<ContractStore>;
  /**
   * The ids of scenarios that are known to fail. They run as expected failures, and turn red when they start
   * to pass. An id that does not exist is an error.
   */
  readonly knownGaps?: readonly string[];
}

/** One store, empty at first, that lives as long as one scenario. */
export interface ContractStore {
  /**
   * Opens a filesystem on the store. Where `sharing` is `'instance'` it is called once; elsewhere again for
   * every further instance, and after a close. The suite closes what it opened.
   */
  open(): Promise<RootFilesystem>;
  /**
   * The adapter that serves an opened filesystem, for fault injection. Only needed when the filesystem is a
   * wrapper and not itself a `BaseFilesystem`.
   */
  adapterOf?(filesystem: RootFilesystem): BaseFilesystem;
  /**
   * How a child process opens the same store. Required where `sharing` is `'host'` or `'network'`, and where
   * `durability` is not `'none'`: what survives a crash is shown by killing a process. Where `sharing` is less than
   * `'host'`, everything is closed here before a child opens the store.
   */
  readonly child?: ChildHarness;
  /** Removes the store. Called after everything is closed, also when the scenario failed. */
  destroy(): Promise<void>;
}

/** How a child process opens a store. */
export interface ChildHarness {
  /**
   * A module with an export `open(input): Promise<RootFilesystem>`: a URL, such as `new URL('./child.js',
   * import.meta.url).href`, or a path, which if relative is so to the working directory.
   */
  readonly module: string;
  /** Passed to that `open`; must survive JSON. */
  readonly input: unknown;
}
