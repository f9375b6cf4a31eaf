import { readdirSync, readlinkSync } from 'node:fs';
import type { Scratch } from './scratch.ts';

/** How many files and directories of a scratch directory this process has open, where the system tells; elsewhere 0. */
export function openFiles({ base }: Scratch): number {
  if (process.platform !== 'linux') return 0;
  return readdirSync('/proc/self/fd').filter((fd) => leadsBelow(base, `/proc/self/fd/${fd}`)).length;
}

function leadsBelow(base: string, link: string): boolean {
  try {
    return readlinkSync(link).startsWith(`${base}/`);
  } catch {
    // What the list itself was read by is closed again.
    return false;
  }
}
