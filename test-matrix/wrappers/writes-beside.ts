import type {
  CasExpectation,
  DeleteExpectation,
  DeleteResult,
  EntryInput,
  OperationOptions,
  PutResult,
  RootFilesystem,
} from '@holdfast/core';
import { Layer } from '@holdfast/core/adapter';

/** Reads through a filesystem that cannot be written to, and writes beside it. */
export class WritesBeside extends Layer {
  readonly #writable: RootFilesystem;

  constructor(readOnly: RootFilesystem, writable: RootFilesystem) {
    super(readOnly);
    this.#writable = writable;
  }

  protected override _put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options: OperationOptions | undefined,
  ): Promise<PutResult> {
    return this.#writable.put(path, entry, expectation, options);
  }

  protected override _delete(
    path: string,
    expectation: DeleteExpectation,
    options: OperationOptions | undefined,
  ): Promise<DeleteResult> {
    return this.#writable.delete(path, expectation, options);
  }
}
