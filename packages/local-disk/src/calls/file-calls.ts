import * as fs from 'node:fs/promises';

/**
 * The calls to the operating system that the adapter makes. A seam: tests make any one of them fail, or
 * change the disk between two of them.
 */
export type FileCalls = Pick<
  typeof fs,
  'link' | 'lstat' | 'mkdir' | 'open' | 'opendir' | 'readlink' | 'realpath' | 'rename' | 'rmdir' | 'unlink'
>;

/** The real calls: Node's own, run in its thread pool, so that none blocks the event loop. */
export const FILE_CALLS: FileCalls = fs;
