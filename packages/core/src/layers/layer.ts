import type {
  Capabilities,
  DeleteExpectationFor,
  EntryFor,
  ExpectationFor,
  VersionAt,
} from '../capabilities/capabilities.ts';
import { CasObserver, type CountAttempts } from '../cas/cas-observer.ts';
import type { CasResult } from '../cas/cas-result.ts';
import type { Snapshot } from '../entries/entry.ts';
import { CallersSteps } from '../filesystem/callers-steps.ts';
import { Closing } from '../filesystem/closing.ts';
import { observedEntries } from '../filesystem/observed-entries.ts';
import type { OperationOptions } from '../filesystem/operation-options.ts';
import type { Region } from '../filesystem/region.ts';
import type {
  DeleteResult,
  EntriesOptions,
  ListOptions,
  ListPage,
  PutResult,
  RootFilesystem,
} from '../filesystem/root-filesystem.ts';
import { ObservedFilesystem } from '../filesystem/work-observer.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import { parseFilesystem } from '../routing/parse-attachment.ts';

/**
 * What layers have in common: each passes everything on to the filesystem below it, arguments and answers as they
 * are, and overrides what it is for. The filesystem below checks the arguments. Closing a layer refuses what comes
 * after, waits for what is under way, and closes the filesystem below.
 */
export abstract class Layer<C extends Capabilities = Capabilities> extends CasObserver implements RootFilesystem<C> {
  /** The filesystem below. */
  protected readonly inner: RootFilesystem<C>;
  readonly #closing: Closing;

  constructor(filesystem: RootFilesystem<C>) {
    super();
    this.inner = parseFilesystem('filesystem', filesystem) as unknown as RootFilesystem<C>;
    this.#closing = new Closing(() => this._close());
  }

  protected _get(path: string, options: OperationOptions | undefined): Promise<Snapshot<VersionAt<C>> | undefined> {
    return this.inner.get(path, options);
  }

  protected _put(
    path: string,
    entry: EntryFor<C>,
    expectation: ExpectationFor<C>,
    options: OperationOptions | undefined,
  ): Promise<PutResult<VersionAt<C>>> {
    return this.inner.put(path, entry, expectation, options);
  }

  protected _delete(
    path: string,
    expectation: DeleteExpectationFor<C>,
    options: OperationOptions | undefined,
  ): Promise<DeleteResult> {
    return this.inner.delete(path, expectation, options);
  }

  protected _list(directory: string, options: ListOptions | undefined): Promise<ListPage> {
    return this.inner.list(directory, options);
  }

  protected _entries(
    prefix: string,
    options: EntriesOptions | undefined,
  ): AsyncIterableIterator<Snapshot<VersionAt<C>>> {
    return observedEntries(this.inner, prefix, options);
  }

  /** Called once, after the operations under way have ended or had their time to. */
  protected _close(): Promise<void> {
    return this.inner.close();
  }

  protected override _observeCas<R extends CasResult<unknown, unknown>>(
    path: VirtualPath,
    attempts: CountAttempts,
    run: () => Promise<R>,
  ): Promise<R> {
    return CasObserver.observe(this.inner, path, attempts, run);
  }

  /** @internal */
  protected override _regions(): readonly Region[] {
    return ObservedFilesystem.regionsOf(this.inner);
  }

  /** @inheritDoc */
  capabilitiesAt(path: string): C {
    return this.inner.capabilitiesAt(path);
  }

  /** @inheritDoc */
  async get(path: string, options?: OperationOptions): Promise<Snapshot<VersionAt<C>> | undefined> {
    this.#closing.refuse('get', path);
    return await this.#closing.track(this._get(path, options));
  }

  /** @inheritDoc */
  async put(
    path: string,
    entry: EntryFor<C>,
    expectation: ExpectationFor<C>,
    options?: OperationOptions,
  ): Promise<PutResult<VersionAt<C>>> {
    this.#closing.refuse('put', path);
    return await this.#closing.track(this._put(path, entry, expectation, options));
  }

  /** @inheritDoc */
  async delete(path: string, expectation: DeleteExpectationFor<C>, options?: OperationOptions): Promise<DeleteResult> {
    this.#closing.refuse('delete', path);
    return await this.#closing.track(this._delete(path, expectation, options));
  }

  /** @inheritDoc */
  async list(directory: string, options?: ListOptions): Promise<ListPage> {
    this.#closing.refuse('list', directory);
    return await this.#closing.track(this._list(directory, options));
  }

  /** @inheritDoc */
  entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot<VersionAt<C>>, void, undefined> {
    return new CallersSteps(this.#entries(prefix, options));
  }

  async *#entries(
    prefix: string,
    options: EntriesOptions | undefined,
  ): AsyncGenerator<Snapshot<VersionAt<C>>, void, undefined> {
    const inner = this._entries(prefix, options);
    try {
      for (;;) {
        this.#closing.refuse('entries', prefix);
        const result = await this.#closing.track(inner.next());
        if (result.done === true) return;
        yield result.value;
      }
    } finally {
      await inner.return?.();
    }
  }

  /** @inheritDoc */
  close(): Promise<void> {
    return this.#closing.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
