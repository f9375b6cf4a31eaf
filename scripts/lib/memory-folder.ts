import { readFileSync, statfsSync } from 'node:fs';

/** Where Linux has a folder for files in memory that everybody may use. */
const FOLDER = '/dev/shm';

/** What must be free there, in bytes: many times what tests were seen to have there at once. */
const ROOM = 4 * 1024 ** 3;

/**
 * A folder for temporary files that are kept in memory, where making a file waits for no disk; `undefined` where the
 * system has none, or it has too little room (a container gets 64 MB) or programs in it cannot be run.
 */
export function memoryFolder(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const { bavail, bsize } = isRunnable(readFileSync('/proc/mounts', 'utf8')) ? statfsSync(FOLDER) : NOTHING;
  return Math.min(bavail * bsize, process.availableMemory()) >= ROOM ? FOLDER : undefined;
}

const NOTHING = { bavail: 0, bsize: 0 };

/** Whether the folder is in memory and programs in it can be run, by what the system says it has mounted. */
export function isRunnable(mounts: string): boolean {
  const [, type, options = ''] = mounts.match(new RegExp(`^\\S+ ${FOLDER} (\\S+) (\\S+)`, 'm')) ?? [];
  return type === 'tmpfs' && !options.split(',').includes('noexec');
}
