import type { Capabilities } from '../capabilities/capabilities.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { readArray, readOptions } from '../filesystem/check-options.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { parseAttachment, parseFilesystem } from '../routing/parse-attachment.ts';
import { Route, type Permission } from '../routing/route.ts';
import { RouteTable } from '../routing/route-table.ts';
import { RoutedFilesystem } from '../routing/routed-filesystem.ts';

/** What the holder of a view may do below one directory. */
export interface Grant {
  /** The directory of the view in which it appears: `/`, or a path. No two grants of a view may have the same. */
  readonly at: string;
  /** The directory of the filesystem that it is; by default the same as `at`. */
  readonly to?: string | undefined;
  /**
   * `read`: `get`. `write`: `put`. `delete`: `delete`. `list`: `list`. None includes another; `entries` needs `read`
   * and `list`, `casUpdate` needs `read` and whatever its decision needs, and a `commit` for each change `write`, `delete` or,
   * for a check, `read`.
   */
  readonly permissions: readonly Permission[];
}

const PERMISSIONS: readonly Permission[] = ['read', 'write', 'delete', 'list'];

/**
 * A filesystem narrowed to what is granted. Each path belongs to the grant with the longest `at` that it lies below,
 * in whole segments, and to that alone: a deeper grant with fewer permissions takes some away.
 *
 * What a grant does not include is refused with `ACCESS_DENIED`, and a path below no grant, as if nothing were there,
 * with `NOT_MOUNTED`; both before the filesystem is asked anything. `at` and `to` are directories: neither is an entry
 * that a grant covers. Errors and listings have the paths of the view; drivers' errors, which might name others, are
 * left out of `cause`, and a message that names a path, or has a word of `to`, is replaced by what its code means.
 * `entries` leaves out deeper grants that it may not read or list, reading no more of what is below them than the page
 * on which it meets the first of it, and fails at one that the filesystem refuses, such as one that leads nowhere. What
 * would have a path longer than 1,024 bytes here is not shown.
 *
 * A view of a view can only narrow it: what the inner one refuses stays refused. What a view shows: that the grants
 * exist, and by `maxPathBytes` how long `to` is; to who may write or delete, whether an entry exists, by the answer to
 * `'absent'` or `deleted`; and on a tree, by `PATH_CONFLICT`, that an entry is in the way, also above `to`.
 *
 * Paths are told apart by their characters. On a disk that takes `/A` and `/a` for one file, a grant that takes
 * permissions away can be got around by another spelling: there, take them from the outer grant instead.
 *
 * Adds no round trip. Closing a view ends the view, and leaves the filesystem open.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`, `INVALID_PATH`
 */
export function scopedView<C extends Capabilities>(
  filesystem: RootFilesystem<C>,
  grants: readonly Grant[],
): RootFilesystem<C> {
  const inner = parseFilesystem('filesystem', filesystem);
  return new RoutedFilesystem<C>({
    routes: RouteTable.of(
      readArray('grants', grants).map((grant, index) => parseGrant(inner, grant, `grants[${index}]`)),
    ),
    showCauses: false,
    release: () => Promise.resolve(),
  });
}

function parseGrant(filesystem: RootFilesystem, grant: unknown, name: string): Route {
  const given = readOptions(name, grant ?? null, ['at', 'to', 'permissions']);
  const at = parseAttachment(`${name}.at`, given.at);
  const to = given.to === undefined ? at : parseAttachment(`${name}.to`, given.to);
  const permissions = readArray(`${name}.permissions`, given.permissions);
  const wrong = permissions.find((each) => !PERMISSIONS.includes(each as Permission));
  if (wrong !== undefined || permissions.includes(undefined)) {
    throw invalidArgument(`each of ${name}.permissions`, `one of ${PERMISSIONS.join(', ')}`, wrong);
  }
  return new Route({ at, filesystem, to, permissions: new Set(permissions as Permission[]) });
}
