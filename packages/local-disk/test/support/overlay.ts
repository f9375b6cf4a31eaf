import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What came of running a module on an overlay mount: what it printed, or why there can be none on this machine. */
export type OnOverlay = { readonly printed: string } | { readonly impossible: string };

/** What the shell below ends with when it cannot mount. */
const CANNOT_MOUNT = 77;

// Two layers on file systems of their own, the lower one of which has the directory `data`, as an image would bring it.
// `userxattr` is what overlays in a namespace of a user need to hide what the lower layer has.
const MOUNT_AND_RUN = `
cannot() { echo "$1" >&2; exit ${CANNOT_MOUNT}; }
cd "$1" && mkdir lower upper merged readonly &&
mount -t tmpfs tmpfs lower && mount -t tmpfs tmpfs upper && mount -t tmpfs -o ro tmpfs readonly &&
mkdir -p lower/data/deep lower/data/other upper/layer upper/work || cannot 'no tmpfs can be mounted'
echo old > lower/data/deep/low && echo old > lower/data/other/low
mount -t overlay overlay -o lowerdir=lower,upperdir=upper/layer,workdir=upper/work,userxattr merged ||
  cannot 'no overlay can be mounted'
shift
exec "$@"
`;

/**
 * Runs a module in a process of its own that has an overlay mount at `merged` in its working directory, and a read-only
 * one at `readonly`, which nobody else sees and which go with it. Needs no root, but a kernel that lets users mount overlays in a namespace of theirs (Linux
 * 5.11 and later).
 */
export async function runOnOverlay(directory: string, module: URL): Promise<OnOverlay> {
  if (process.platform !== 'linux') return { impossible: 'overlayfs is of Linux' };
  const run = [process.execPath, fileURLToPath(module)];
  try {
    const { stdout } = await promisify(execFile)('unshare', [
      '-Urm',
      'sh',
      '-c',
      MOUNT_AND_RUN,
      'sh',
      directory,
      ...run,
    ]);
    return { printed: stdout };
  } catch (error) {
    const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: string };
    if (code === 'ENOENT') return { impossible: 'there is no unshare' };
    // Without namespaces of users, or without overlays in them.
    if (stderr !== undefined && (code === CANNOT_MOUNT || stderr.startsWith('unshare: '))) {
      return { impossible: stderr.trim() };
    }
    throw error;
  }
}
