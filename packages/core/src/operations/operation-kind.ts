import type { Claimant } from '../capabilities/gate.ts';
import type { Entry, Snapshot } from '../entries/entry.ts';
import type { OperationName } from '../errors/holdfast-error.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { OperationEnd } from '../layers/tracing/operation-end.ts';
import type { DirectoryPath, VirtualPath } from '../paths/virtual-path.ts';
import type { Permission } from '../routing/route.ts';
import type { Routing } from '../routing/routing.ts';
import type { Backend } from '../filesystem/backend.ts';
import type { Operation } from './operation.ts';
import type { PublicMethod } from './public-methods.ts';

/** The arguments of an operation: checked, copied, frozen, and nobody else's. */
export interface OperationArguments {
  /** What its errors name. */
  readonly path: DirectoryPath | undefined;
}

/** A path that an operation has to do with, and what its caller must be permitted there. */
export interface Touch {
  readonly path: DirectoryPath;
  readonly permissions: readonly Permission[];
  /** Whether it is looked below: then it may be the root, and a place where something is mounted. */
  readonly isDirectory?: boolean;
}

/** Another name for each path. */
export type Rename = <P extends DirectoryPath>(path: P) => P;

/**
 * All that is particular to one operation. Its folder has one of these and a function that makes the operation of what
 * a caller gave; mounts, views, layers and the base class of adapters know operations by this alone.
 */
export interface OperationKind<R, A extends OperationArguments> {
  readonly name: OperationName;
  /** Whether it changes something: its errors have an outcome then, and it counts as a write. */
  readonly changes: boolean;
  /** The method of {@link RootFilesystem} that it is, if it is one. */
  readonly method?: PublicMethod;

  /**
   * The paths it has to do with. Where they lead to different filesystems it is refused, unless it has a `through`. Of one
   * that is malformed, the path may be all that is known.
   */
  touches(args: Partial<A> & Pick<A, 'path'>): readonly Touch[];
  /** The same arguments with other paths, on the way down through a mount or a view. */
  renamed(args: A, rename: Rename): A;
  /** Its answer with the paths of these arguments, on the way back. Without it, an answer has no paths. */
  answered?(answer: R, args: A): R;
  /** How it goes through a table of routes, if not to the one filesystem that its paths lead to. */
  through?(operation: Operation<R, A>, routing: Routing): Promise<R>;

  /** Refuses what the backend cannot honour, before anything is touched. Throws a `HoldfastError`. */
  gate?(claimant: Claimant, operation: Operation<R, A>): void;
  /** Has an adapter do it. */
  perform(operation: Operation<R, A>, backend: Backend): Promise<R>;
  /** Has a filesystem of a stranger do it, by its public methods. Without it, strangers cannot. */
  ask?(filesystem: RootFilesystem, operation: Operation<R, A>): Promise<R>;

  /** The same arguments with each entry as `seal` makes it. Without it, it carries none. */
  sealed?(args: A, seal: (path: VirtualPath, entry: Entry) => Entry): A;
  /** The same answer with each entry as `open` makes it. Without it, it brings none. */
  opened?(answer: R, args: A, open: <S extends Snapshot>(path: VirtualPath, stored: S) => S): R;

  /** How many changes it is made of, to be told of it. Without it, it is one. */
  size?(args: A): number;
  /** What is told of one that was answered, such as how many entries it gave. */
  told(answer: R): OperationEnd;
}
