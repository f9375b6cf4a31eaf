import { childPrefix } from '../paths/path-range.ts';
import type { DirectoryPath } from '../paths/virtual-path.ts';

/** A directory of a store. */
export interface StorePlace {
  /** The same for every instance of this process on the store, and for no other store: an object, or a name. */
  readonly store: object | string;
  readonly directory: DirectoryPath;
}

/** Where a part of what a filesystem shows is: everything below a directory of a store, but for what is hidden. */
export interface Region extends StorePlace {
  /** The directory of the filesystem in which it appears. */
  readonly at: DirectoryPath;
  /** Directories of the store, below {@link directory}, that the filesystem does not show there. */
  readonly hidden: readonly DirectoryPath[];
}

/** Whether two regions have a path of a store in common. */
export function overlap(one: Region, other: Region): boolean {
  if (one.store !== other.store) return false;
  return covers(one, other.directory) || covers(other, one.directory);
}

/** What of a region is below a directory of its filesystem, as a filesystem that has only that shows it. */
export function regionBelow(region: Region, directory: DirectoryPath): Region | undefined {
  if (isIn(region.at, directory)) return { ...region, at: moved(region.at, directory, '/') };
  if (!isIn(directory, region.at)) return undefined;
  const inside = moved(directory, region.at, region.directory);
  if (!covers(region, inside)) return undefined;
  return { ...region, at: '/', directory: inside, hidden: region.hidden.filter((each) => isIn(each, inside)) };
}

/** A region of a filesystem that appears below a directory of another one. */
export function regionAt(region: Region, directory: DirectoryPath): Region {
  return { ...region, at: moved(region.at, '/', directory) };
}

/** What is left of a region where something else is put at a directory of its filesystem. */
export function regionBeside(region: Region, directory: DirectoryPath): Region | undefined {
  if (isIn(region.at, directory)) return undefined;
  if (!isIn(directory, region.at)) return region;
  return { ...region, hidden: [...region.hidden, moved(directory, region.at, region.directory)] };
}

/** Whether anything below a directory of the store is in a region that begins there or above. */
function covers({ directory, hidden }: Region, inside: DirectoryPath): boolean {
  return isIn(inside, directory) && !hidden.some((each) => isIn(inside, each));
}

/** Whether a directory is another, or below it. */
function isIn(directory: DirectoryPath, other: DirectoryPath): boolean {
  return directory === other || directory.startsWith(childPrefix(other));
}

/** The same place, told from another directory. */
function moved(directory: DirectoryPath, from: DirectoryPath, to: DirectoryPath): DirectoryPath {
  const rest = directory === from ? '' : directory.slice(childPrefix(from).length);
  if (rest === '') return to;
  return (childPrefix(to) + rest) as DirectoryPath;
}
