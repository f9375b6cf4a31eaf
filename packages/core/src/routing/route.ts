import { AdaptedCapabilities } from '../capabilities/adapted-capabilities.ts';
import type { Capabilities } from '../capabilities/capabilities.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { Rename } from '../operations/operation-kind.ts';
import { planesThrough } from '../operations/planes-through.ts';
import { utf8Length } from '../paths/code-points.ts';
import { parentOf } from '../paths/path-parts.ts';
import { MAX_PATH_BYTES, parseDirectory, type DirectoryPath, type VirtualPath } from '../paths/virtual-path.ts';

/** What may be done with what a grant covers. */
export type Permission = 'read' | 'write' | 'delete' | 'list';

/** All of them. */
export const EVERY_PERMISSION: ReadonlySet<Permission> = new Set(['read', 'write', 'delete', 'list']);

/** What a {@link Route} is made of. */
export interface RouteParts {
  /** The directory whose content it is. */
  readonly at: DirectoryPath;
  /** Where the content is. */
  readonly filesystem: RootFilesystem;
  /** The directory there that stands for `at`. */
  readonly to: DirectoryPath;
  readonly permissions: ReadonlySet<Permission>;
}

/** Where everything below a directory is, and what may be done with it. */
export class Route implements RouteParts {
  readonly at: DirectoryPath;
  readonly filesystem: RootFilesystem;
  readonly to: DirectoryPath;
  readonly permissions: ReadonlySet<Permission>;
  readonly #cut: string;
  readonly #put: string;
  readonly #capabilities = new AdaptedCapabilities<Capabilities>();

  /** The name of each path in {@link filesystem}, where it is to be used. Throws `INVALID_PATH` when it is too long there. */
  readonly rename: Rename = (path) => {
    const inside = this.directoryInside(path);
    return (isShortEnough(inside) ? inside : parseDirectory(inside)) as typeof path;
  };

  constructor({ at, filesystem, to, permissions }: RouteParts) {
    this.at = at;
    this.filesystem = filesystem;
    this.to = to;
    this.permissions = permissions;
    this.#cut = at === '/' ? '' : at;
    this.#put = to === '/' ? '' : to;
  }

  /** The path in {@link filesystem} of a path below {@link at}. */
  inside(path: VirtualPath): VirtualPath {
    return (this.#put + path.slice(this.#cut.length)) as VirtualPath;
  }

  /** The directory in {@link filesystem} of a directory that is {@link at} or below it. */
  directoryInside(directory: DirectoryPath): DirectoryPath {
    return directory === this.at ? this.to : this.inside(directory as VirtualPath);
  }

  /** The reverse of {@link inside}. */
  outside(path: VirtualPath): VirtualPath {
    return (this.#cut + path.slice(this.#put.length)) as VirtualPath;
  }

  /** Whether what is below a directory can be in {@link filesystem}: paths may be longer there, and too long. */
  reaches(directory: DirectoryPath): boolean {
    return isShortEnough(this.directoryInside(directory));
  }

  /** Whether a path of {@link filesystem} has one here: paths may be longer here, and too long. */
  shows(path: VirtualPath): boolean {
    return isShortEnough(this.outside(path));
  }

  /** What the filesystem promises at a directory that is {@link at} or below it. */
  capabilitiesAt(directory: DirectoryPath): Capabilities {
    const claimed = this.filesystem.capabilitiesAt(shortEnough(this.directoryInside(directory)));
    if (typeof claimed !== 'object' || claimed === null) return claimed;
    const { maxPathBytes: claimedLongest = MAX_PATH_BYTES } = claimed as Partial<Capabilities>;
    const longest = claimedLongest + utf8Length(this.#cut) - utf8Length(this.#put);
    // The shortest path has two bytes, so one byte lets none through.
    const maxPathBytes = Math.max(1, Math.min(longest, MAX_PATH_BYTES));
    const planes = planesThrough(this.filesystem, claimed);
    if (maxPathBytes === claimed.maxPathBytes && planes === undefined) return claimed;
    return this.#capabilities.of(claimed, { maxPathBytes, ...planes });
  }
}

function isShortEnough(directory: DirectoryPath): boolean {
  return utf8Length(directory) <= MAX_PATH_BYTES;
}

/** A directory or, if it is longer than any path, the closest one around it that is not. */
function shortEnough(directory: DirectoryPath): DirectoryPath {
  let short = directory;
  while (!isShortEnough(short)) short = parentOf(short as VirtualPath);
  return short;
}
