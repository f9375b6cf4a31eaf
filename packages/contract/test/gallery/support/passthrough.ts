import type {
  Capabilities,
  CasExpectation,
  DeleteExpectation,
  DeleteResult,
  EntriesOptions,
  EntryInput,
  ListOptions,
  ListPage,
  OperationOptions,
  PutResult,
  RootFilesystem,
  Snapshot,
} from '@holdfast/core';

/** Passes every call on as it is; what is broken extends it. */
export class Passthrough implements RootFilesystem {
  protected readonly inner: RootFilesystem;

  constructor(inner: RootFilesystem) {
    this.inner = inner;
  }

  capabilitiesAt(path: string): Capabilities {
    return this.inner.capabilitiesAt(path);
  }

  get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    return this.inner.get(path, options);
  }

  put(path: string, entry: EntryInput, expectation: CasExpectation, options?: OperationOptions): Promise<PutResult> {
    return this.inner.put(path, entry, expectation, options);
  }

  delete(path: string, expectation: DeleteExpectation, options?: OperationOptions): Promise<DeleteResult> {
    return this.inner.delete(path, expectation, options);
  }

  list(directory: string, options?: ListOptions): Promise<ListPage> {
    return this.inner.list(directory, options);
  }

  entries(prefix: string, options?: EntriesOptions): AsyncIterableIterator<Snapshot> {
    return this.inner.entries(prefix, options);
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
