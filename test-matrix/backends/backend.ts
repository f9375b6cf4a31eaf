import type { Harness } from '@holdfast/contract';

/** One backend of the matrix. */
export interface Backend {
  /** What it is called in flags and reports. */
  readonly id: string;
  /** What it is called in titles. */
  readonly name: string;
  /** The server that it needs, whose address is in the environment by the time a store is created. */
  readonly server: 'postgres' | 'libsql' | undefined;
  readonly harness: Harness;
}
