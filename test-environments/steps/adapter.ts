import type { RootFilesystem } from '@holdfast/core';

/** A call that has to be refused, and how. */
interface Refusal {
  readonly call: () => Promise<unknown>;
  /** The code, and the outcome where there is one. */
  readonly as: string;
}

/** One store of an adapter. */
export interface Store {
  open(): Promise<RootFilesystem>;
  /** What the adapter has to recognise in what its driver throws, the store being open. Called last. */
  refusals(filesystem: RootFilesystem): Promise<readonly Refusal[]>;
  /** Removes it, and whatever was made for the refusals. */
  destroy(): Promise<void>;
}

/** One adapter, on one kind of backend. */
export interface Adapter {
  readonly name: string;
  makeStore(): Promise<Store>;
}
