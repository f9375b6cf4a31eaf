import type { RootFilesystem } from '@holdfast/core';
import { Layer, passOn, type Next, type Operation } from '@holdfast/core/adapter';

/** Reads through a filesystem that cannot be written to, and writes beside it. */
export class WritesBeside extends Layer {
  readonly #writable: RootFilesystem;

  constructor(readOnly: RootFilesystem, writable: RootFilesystem) {
    super(readOnly);
    this.#writable = writable;
  }

  protected override _call<R>(operation: Operation<R>, next: Next): Promise<R> {
    return operation.changes ? passOn(this.#writable, operation) : next(operation);
  }
}
