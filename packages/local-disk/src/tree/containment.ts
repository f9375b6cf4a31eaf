import type { FileHandle } from 'node:fs/promises';
import type { FileCalls } from '../calls/file-calls.ts';
import type { Root } from './root.ts';

/** An open directory and the host path it is supposed to be at. */
export interface Place {
  readonly handle: FileHandle;
  readonly host: string;
  /** The root it is supposed to be below, and how many names below it. */
  readonly root: Root;
  readonly depth: number;
}

/**
 * How calls are kept inside the root. Node has no `openat`, so there are two ways with one meaning:
 * `descriptor` goes through the open directory, which nobody can redirect; `path-checks` goes through the
 * path and looks, before and after, whether it still leads to the open directory.
 */
export interface Containment {
  readonly kind: 'descriptor' | 'path-checks';

  /** What calls put before `/name` to reach a name in the directory. */
  reach(place: Place): string;

  /**
   * Whether the open directory is at its host path, no symbolic link is on the way there, and the root above it is
   * the one that was opened.
   */
  holds(calls: FileCalls, place: Place): Promise<boolean>;

  /** {@link holds}, asked after the directory was read: always so where the read could not be redirected. */
  held(calls: FileCalls, place: Place): Promise<boolean>;

  /** Whether `file`, opened through {@link reach} by this name, is what the directory has under it. */
  heldFile(calls: FileCalls, place: Place, file: FileHandle, name: string): Promise<boolean>;
}
