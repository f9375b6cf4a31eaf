import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { Operation } from './operation.ts';
import { Performer } from './performer.ts';

/**
 * Has a filesystem do an operation that somebody else was asked to do: what `next` does with the filesystem below a layer.
 * An adapter or layer of Holdfast gets the operation itself, any other filesystem is asked by its public methods.
 */
export function passOn<R>(filesystem: RootFilesystem, operation: Operation<R>): Promise<R> {
  return Performer.pass(filesystem, operation);
}
