import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Trouble } from './trouble.ts';

/** How much longer than the longest file of the store a file may be at most, in bytes. */
const MOST_LONGER = 200_000;

/** No file of this process may be longer than some size: a quota, as anybody may set one for a process. */
export function shortFiles(directory: string): Trouble {
  const limit = (bytes: number | 'unlimited'): unknown =>
    execFileSync('prlimit', ['--pid', `${process.pid}`, `--fsize=${bytes}:`]);
  return {
    begin: () => void limit(Math.floor(1000 + Math.random() * (longestIn(directory) + MOST_LONGER))),
    end: () => void limit('unlimited'),
  };
}

function longestIn(directory: string): number {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return Math.max(0, ...files.map(({ parentPath, name }) => statSync(join(parentPath, name)).size));
}
