import type { FileCalls } from './calls/file-calls.ts';
import type { Tree } from './tree/tree.ts';
import type { DurableDirectories } from './write/durable-directories.ts';

/** What the operations of one filesystem work on. */
export interface Disk {
  readonly calls: FileCalls;
  readonly tree: Tree;
  readonly durable: DurableDirectories;
  /** In bytes. */
  readonly maxBodyBytes: number;
}
