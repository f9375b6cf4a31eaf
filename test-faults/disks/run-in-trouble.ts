import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TroubleOrders, TroubleTold } from './trouble-orders.ts';

const run = promisify(execFile);

/** How large the small disk is: room for a log and for all that the writers keep. */
const SMALL_DISK = '16m';

/** How many descriptors a process of Node needs, and some. */
const FEW_DESCRIPTORS = 128;

/** A command that runs what comes after it. */
type Launcher = readonly string[];

/**
 * With a disk of its own at a directory, which nobody else sees and which goes with the process. Needs no root, but a
 * kernel that lets users mount something in a namespace of theirs.
 */
const ON_SMALL_DISK = (directory: string): Launcher => [
  'unshare',
  '-Urm',
  'sh',
  '-c',
  `mount -t tmpfs -o size=${SMALL_DISK} tmpfs "$1" && shift && exec "$@"`,
  'sh',
  directory,
];

/** Without what lets a superuser write whatever he likes. */
const AS_ANYBODY: Launcher = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];

const WITH_FEW_DESCRIPTORS: Launcher = ['sh', '-c', `ulimit -n ${FEW_DESCRIPTORS} && exec "$@"`, 'sh'];

/** Why there cannot be some trouble on this machine. What a small disk does to files, a limit of their size does too. */
export async function impossible(trouble: TroubleOrders['trouble'], directory: string): Promise<string | undefined> {
  if (trouble === 'short-files') return process.platform === 'linux' ? undefined : 'prlimit is of Linux';
  if (trouble !== 'full-disk') return undefined;
  const [file, ...args] = [...ON_SMALL_DISK(directory), 'true'];
  return run(file, args).then(
    () => undefined,
    (error: unknown) => `no disk of its own for a process, which this machine denies: ${String(error)}`,
  );
}

/** Runs a bundled child in the trouble that its orders name. */
export async function runInTrouble(child: string, orders: TroubleOrders): Promise<TroubleTold> {
  const [file, ...args] = [...launcherOf(orders), process.execPath, child, JSON.stringify(orders)];
  const { stdout } = await run(file, args, { killSignal: 'SIGKILL' });
  return JSON.parse(stdout) as TroubleTold;
}

function launcherOf({ trouble, directory }: TroubleOrders): Launcher {
  if (trouble === 'full-disk') return ON_SMALL_DISK(directory);
  if (trouble === 'no-descriptors') return WITH_FEW_DESCRIPTORS;
  return trouble === 'read-only' ? AS_ANYBODY : [];
}
