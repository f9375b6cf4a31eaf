import type { Capabilities } from '../capabilities/capabilities.ts';
import { parseRequirements, requireCapabilities, type Requirements } from '../capabilities/requirements.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { readArray, readOptions } from '../filesystem/check-options.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { EVERY_PERMISSION, Route } from '../routing/route.ts';
import { RouteTable } from '../routing/route-table.ts';
import { RoutedFilesystem } from '../routing/routed-filesystem.ts';
import { parseAttachment, parseFilesystem } from '../routing/parse-attachment.ts';
import { refuseAliases } from './refuse-aliases.ts';

/** A filesystem and where it is attached. */
export interface Mount {
  /** The directory that its content appears in: `/`, or a path. No two mounts may have the same. */
  readonly at: string;
  readonly filesystem: RootFilesystem;
  /** What it must promise, at its root, for the table to be made at all. */
  readonly requires?: Requirements | undefined;
  /** Whether the table closes it when it is closed; by default it does. `false` for one that is used elsewhere too. */
  readonly owned?: boolean | undefined;
}

/**
 * One filesystem of many: each path belongs to the mount with the longest `at` that it lies below, in whole segments.
 * What a filesystem has below the `at` of a deeper mount is hidden by that.
 *
 * A path below no mount is refused with `NOT_MOUNTED`, by `capabilitiesAt` too. Everything else is what the filesystem
 * in charge makes of it: its capabilities, its versions (of no use at another mount, where they do not match), its
 * errors with the paths of the table. The `at` of a mount is a directory, and no entry.
 *
 * `list` shows the directories in which something is mounted among the children of the filesystem around them;
 * `entries` goes on into the mounts below. Both keep code point order. Costs what the filesystem in charge costs: no
 * round trip is added to a call; a page of `list` that shows mounts costs one, and none where only mounts are. `entries`
 * costs one more for each mount under which the filesystem around it has anything. What would have a path longer than
 * 1,024 bytes here is not shown.
 *
 * No entry has two paths: mounts that have a directory of one store in common, however wrapped, are refused. Looked for are
 * the same filesystem, and instances that their adapter says are on one store; what a stranger's wrapper is made of cannot
 * be seen. `withPrefix` gives a mount a directory of its own. What a deeper mount hides does not count.
 *
 * Closing refuses what comes after, waits for what is under way and closes every mounted filesystem that is `owned`,
 * once each.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` for a mount that is none, and for two at the same directory or with entries in
 * common; `INVALID_PATH`;
 * `UNSUPPORTED` when a filesystem does not promise what its mount `requires`, with every shortfall in the message
 */
export function mountTable(mounts: readonly Mount[]): RootFilesystem {
  const parsed = readArray('mounts', mounts).map(parseMount);
  const routes = RouteTable.of(parsed.map(({ route }) => route));
  refuseAliases(routes);
  const owned = parsed.flatMap(({ route, owned: isOwned }) => (isOwned ? [route.filesystem] : []));
  return new RoutedFilesystem({ routes, showCauses: true, release: () => closeAll(owned) });
}

function parseMount(mount: unknown, index: number): { readonly route: Route; readonly owned: boolean } {
  const name = `mounts[${index}]`;
  const given = readOptions(name, mount ?? null, ['at', 'filesystem', 'requires', 'owned']);
  const at = parseAttachment(`${name}.at`, given.at);
  const filesystem = parseFilesystem(`${name}.filesystem`, given.filesystem);
  const { owned = true } = given;
  if (typeof owned !== 'boolean') throw invalidArgument(`${name}.owned`, 'a boolean', owned);
  if (given.requires !== undefined) {
    const requires = parseRequirements(`${name}.requires`, given.requires);
    requireCapabilities(promisedBy(filesystem), requires, at);
  }
  return { route: new Route({ at, filesystem, to: '/', permissions: EVERY_PERMISSION }), owned };
}

/** What a filesystem promises at its root; one that cannot tell promises nothing. */
function promisedBy(filesystem: RootFilesystem): Capabilities | undefined {
  try {
    return filesystem.capabilitiesAt('/');
  } catch {
    return undefined;
  }
}

/** Closes all of them, also when one fails, and then fails as the first did. */
async function closeAll(filesystems: readonly RootFilesystem[]): Promise<void> {
  const results = await Promise.allSettled(filesystems.map(async (filesystem) => filesystem.close()));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed === undefined) return;
  throw new HoldfastError('BACKEND_FAILED', 'a mounted filesystem could not be closed', {
    operation: 'close',
    cause: failed.reason,
  });
}
