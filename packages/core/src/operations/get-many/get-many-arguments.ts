import type { Snapshot } from '../../entries/entry.ts';
import type { VirtualPath } from '../../paths/virtual-path.ts';
import type { Operation } from '../operation.ts';

/** The arguments of a `getMany`. */
export interface GetManyArguments {
  /** The only one; of several none is to blame more than the others. */
  readonly path: VirtualPath | undefined;
  /** In the order of the caller. Any of them may be there more than once. */
  readonly paths: readonly VirtualPath[];
  /** Whether it is known to fail elsewhere, so that nothing more has to be begun. */
  readonly isOver: () => boolean;
}

/** The entries at several paths, each in the place of its path, and `undefined` in that of one that is missing. */
export type Found = readonly (Snapshot | undefined)[];

/** A `getMany`. */
export type GetManyOperation = Operation<Found, GetManyArguments>;

/** The same for other paths, as long as the whole is not over. */
export function argumentsOf(
  paths: readonly VirtualPath[],
  { isOver }: Pick<GetManyArguments, 'isOver'> = UNTIL_THE_END,
): GetManyArguments {
  return { path: paths.length === 1 ? paths[0] : undefined, paths: Object.freeze(paths), isOver };
}

const UNTIL_THE_END = { isOver: (): boolean => false };
