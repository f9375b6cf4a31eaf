import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { Operation } from './operation.ts';
import { Performer } from './performer.ts';

/** Has a filesystem do an operation that was made for it, to its end, which comes in time whatever the filesystem does. */
export function begin<R>(filesystem: RootFilesystem, operation: Operation<R>): Promise<R> {
  return Performer.begin(filesystem, operation);
}
