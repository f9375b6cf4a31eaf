import type { OperationOptions, RootFilesystem, Version } from '@holdfast/core';

/** A store whose calls to its backend can be made to fail, and ways to it that nothing happens to. */
export interface Store {
  /** Instances on one store, whose calls go through the faults. */
  readonly instances: readonly [RootFilesystem, ...RootFilesystem[]];
  /** Another instance on the same store, or the same one; only used while nothing fails. */
  readonly reader: RootFilesystem;
  /**
   * Opens one more instance on the same store, whose calls go through the faults; not there where it would have a store of
   * its own.
   */
  readonly open?: () => Promise<RootFilesystem>;
  /** The application's own transaction on the connection that it gave, where there is one. */
  readonly owner?: Owner;
  /** What was left behind in a directory by calls that are over: clients, locks, handles. None, it should be. */
  leaks(directory: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Whoever gave the connection, and uses it as well. */
interface Owner {
  begin(): void;
  end(): void;
}

/** Where one trial happens: a directory of its own, with two entries. */
export interface Stage extends Store {
  /** The path of a name in the directory. */
  readonly at: (name: string) => string;
  /** The versions of the entries `a` and `b`; `undefined` where there are none. */
  readonly a: Version | undefined;
  readonly b: Version | undefined;
  /** An instance for this trial alone, of an operation that needs `opening`; else the first. */
  readonly opened: RootFilesystem;
}

/** What is at a path once a call is applied, in text; `undefined` where nothing is. */
export type Expected = string | undefined | ((text: string | undefined) => boolean);

/** One call of a trial, and what becomes of the entries if it is applied. */
export interface Call {
  readonly run: (options: OperationOptions) => Promise<unknown>;
  /** The paths that it changes, if it changes any. */
  readonly changes?: Readonly<Record<string, Expected>>;
  /** Whether an answer is right. */
  readonly isRight?: (answer: unknown) => boolean;
}

/** An operation under test: calls that are made at once. */
export interface Operation {
  readonly name: string;
  readonly needs?: 'versions' | 'commits' | 'owner' | 'opening';
  readonly calls: (stage: Stage) => readonly Call[];
  /** Done while the calls are under way. */
  readonly meanwhile?: (stage: Stage) => Promise<void>;
}
