import type {
  Capabilities,
  DeleteExpectationFor,
  EntryFor,
  ExpectationFor,
  VersionAt,
} from '../capabilities/capabilities.ts';
import { gateDelete, gatePath, gatePut } from '../capabilities/gate.ts';
import type { Snapshot } from '../entries/entry.ts';
import { parseEntry } from '../entries/parse-entry.ts';
import type { OperationName } from '../errors/holdfast-error.ts';
import { parseDeleteExpectation, parseExpectation } from '../expectations/cas-expectation.ts';
import { rangeAfter, rangeBelow, type PathRange } from '../paths/path-range.ts';
import { parseDirectory, parsePath, type DirectoryPath, type VirtualPath } from '../paths/virtual-path.ts';
import { eventLoopShare } from '../timing/event-loop-share.ts';
import { mintVersion } from '../versions/version.ts';
import { adapterError, argumentError } from './adapter-error.ts';
import { AdapterMethods } from './adapter-methods.ts';
import { CallersSteps } from './callers-steps.ts';
import { Closing } from './closing.ts';
import { unlessCutShort } from './cut-short.ts';
import { listByScan } from './list-by-scan.ts';
import {
  MAX_PAGE_BYTES,
  parseEntriesOptions,
  parseListOptions,
  type EntriesRequest,
  type ListRequest,
} from './list-options.ts';
import { runMutation, type Mutation } from './mutation.ts';
import { Patience, type OperationContext } from './operation-context.ts';
import { parseOperationOptions, type OperationLimits, type OperationOptions } from './operation-options.ts';
import { ScanOf, type ScanNeeds } from './scan-context.ts';
import { entriesWithin, scannedPage, toGive, type PageOfEntries, type ScannedPage } from './scanned-page.ts';
import type {
  Child,
  DeleteResult,
  EntriesOptions,
  ListOptions,
  ListPage,
  PutResult,
  RootFilesystem,
} from './root-filesystem.ts';
import { runLater } from './work-observer.ts';

/**
 * The class every adapter extends. Its public methods validate, gate, bound and resolve; the protected ones,
 * whose names start with `_`, are the adapter's and see only checked arguments on supported paths.
 *
 * An adapter throws {@link HoldfastError}s without operation and path; the base class adds them. An error of
 * `_put` or `_delete` with outcome `'unknown'` is resolved by reading back. What is no HoldfastError becomes
 * `BACKEND_FAILED` with an unknown outcome.
 */
export abstract class BaseFilesystem<C extends Capabilities = Capabilities>
  extends AdapterMethods
  implements RootFilesystem<C>
{
  readonly #closing = new Closing(() => this._close());

  /** What the backend promises at a path. Synchronous, without side effects, never "maybe". */
  protected abstract _capabilitiesAt(path: DirectoryPath): C;

  /**
   * The first `limit` direct children of a directory whose names sort after `after`. By default a few scans without
   * `context.bodies` that read some entries ahead, one more for each child that has many below it, and one for each
   * proper beginning of a name that goes on with a character below `/`. Override it where the backend can do better.
   */
  protected _list(
    directory: DirectoryPath,
    request: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const needs = { maxBytes: MAX_PAGE_BYTES, bodies: false };
    const scan = (range: PathRange, limit: number): Promise<ScannedPage> => {
      context.signal.throwIfAborted();
      return this.#scan(directory, range, limit, context, needs);
    };
    return listByScan(scan, directory, request);
  }

  /** @inheritDoc */
  capabilitiesAt(path: string): C {
    return this.#claims(
      'capabilitiesAt',
      this.#checked('capabilitiesAt', undefined, () => parseDirectory(path)),
    );
  }

  /** @inheritDoc */
  async get(path: string, options?: OperationOptions): Promise<Snapshot<VersionAt<C>> | undefined> {
    const target = this.#address('get', path);
    const limits = this.#checked('get', target, () => parseOperationOptions(options));
    using patience = this.#begin('get', target, limits);
    gatePath(this.#claims('get', target), target, 'get');
    return await this.#read('get', target, patience, () => this._get(target, patience));
  }

  /** @inheritDoc */
  async put(
    path: string,
    entry: EntryFor<C>,
    expectation: ExpectationFor<C>,
    options?: OperationOptions,
  ): Promise<PutResult<VersionAt<C>>> {
    const target = this.#address('put', path);
    const request = this.#checked('put', target, () => ({
      path: target,
      entry: parseEntry(entry),
      expectation: parseExpectation(expectation),
      version: mintVersion(),
      limits: parseOperationOptions(options),
    }));
    using patience = this.#begin('put', target, request.limits);
    const claimed = this.#claims('put', target);
    gatePath(claimed, target, 'put');
    gatePut(claimed, target, request.entry, request.expectation);
    const versioned = claimed.cas === 'versioned';
    const applied = { version: (versioned ? request.version : undefined) as VersionAt<C> };
    return await this.#mutate(
      {
        operation: 'put',
        path: target,
        applied,
        minted: versioned ? request.version : undefined,
        expected: typeof request.expectation === 'object' ? request.expectation.version : undefined,
        send: (context) => this.#backend(this._put(request, context), patience).then(() => applied),
        readVersion: (context) => this.#readBack(target, context, patience),
      },
      patience,
    );
  }

  /** @inheritDoc */
  async delete(path: string, expectation: DeleteExpectationFor<C>, options?: OperationOptions): Promise<DeleteResult> {
    const target = this.#address('delete', path);
    const request = this.#checked('delete', target, () => ({
      path: target,
      expectation: parseDeleteExpectation(expectation),
      limits: parseOperationOptions(options),
    }));
    using patience = this.#begin('delete', target, request.limits);
    const claimed = this.#claims('delete', target);
    gatePath(claimed, target, 'delete');
    gateDelete(claimed, target, request.expectation);
    return await this.#mutate(
      {
        operation: 'delete',
        path: target,
        applied: { deleted: true },
        minted: undefined,
        expected: typeof request.expectation === 'object' ? request.expectation.version : undefined,
        send: async (context) => ({ deleted: await this.#backend(this._delete(request, context), patience) }),
        readVersion: (context) => this.#readBack(target, context, patience),
      },
      patience,
    );
  }

  /** @inheritDoc */
  async list(directory: string, options?: ListOptions): Promise<ListPage> {
    const target = this.#checked('list', undefined, () => parseDirectory(directory));
    const request = this.#checked('list', target, () => parseListOptions(options));
    using patience = this.#begin('list', target, request);
    const { after, limit } = request;
    // One more than asked for tells whether there is a next page.
    const oneMore = { after, limit: limit + 1 };
    const found = await this.#read('list', target, patience, () => this._list(target, oneMore, patience));
    const children = found.slice(0, limit);
    return { children, next: found.length > limit ? children.at(-1)?.name : undefined };
  }

  /** @inheritDoc */
  entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot<VersionAt<C>>, void, undefined> {
    return new CallersSteps(this.#entries(prefix, options));
  }

  async *#entries(
    prefix: string,
    options: EntriesOptions | undefined,
  ): AsyncGenerator<Snapshot<VersionAt<C>>, void, undefined> {
    const target = this.#checked('entries', undefined, () => parseDirectory(prefix));
    const request = this.#checked('entries', target, () => parseEntriesOptions(options));
    let range = rangeBelow(target);
    if (request.after !== undefined) range = rangeAfter(range, request.after);
    for (;;) {
      const page = await this.#scanPage(target, range, request);
      // Let go of one by one: a page that was given is not to be kept in memory beside the next.
      for (let entry = page.left.pop(); entry !== undefined; entry = page.left.pop()) {
        yield entry;
        // Also whoever takes its time with each entry has the whole page at once.
        const turn = eventLoopShare.due({ reads: false });
        if (turn !== undefined) await turn;
      }
      if (page.ended || page.last === undefined) return;
      range = rangeAfter(range, page.last);
    }
  }

  /** @inheritDoc */
  close(): Promise<void> {
    return this.#closing.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #scanPage(
    target: DirectoryPath,
    range: PathRange,
    request: OperationLimits & EntriesRequest,
  ): Promise<PageOfEntries> {
    using patience = this.#begin('entries', target, request);
    const needs = { maxBytes: request.pageBytes, bodies: true };
    const scan = (): Promise<ScannedPage> => this.#scan(target, range, request.pageSize, patience, needs);
    const read = () => runLater(patience.observer, scan, patience);
    return toGive(await this.#read('entries', target, patience, read));
  }

  /** Counts the whole mutation as under way, since between its backend calls `close` must wait for it too. */
  #mutate<T>(mutation: Mutation<T>, patience: Patience): Promise<T> {
    return this.#closing.track(runMutation(mutation, patience));
  }

  async #scan(
    directory: DirectoryPath,
    range: PathRange,
    limit: number,
    call: OperationContext,
    needs: ScanNeeds,
  ): Promise<ScannedPage> {
    const most = this._mostPageBytes();
    const maxBytes = Math.min(needs.maxBytes, most ?? Infinity);
    const { maxBodyBytes } = this.#claims('entries', directory);
    const asked = { range, limit: most === undefined ? entriesWithin(maxBytes, maxBodyBytes, limit) : limit, maxBytes };
    return scannedPage(await this._scan(range, asked.limit, new ScanOf(call, { ...needs, maxBytes })), asked);
  }

  /** Counts a backend call as under way until it settles, whoever still waits for it. */
  #backend<T>(work: Promise<T>, { observer }: Patience): Promise<T> {
    observer?.began(work);
    return this.#closing.track(work);
  }

  async #readBack(path: VirtualPath, context: OperationContext, { observer }: Patience): Promise<Snapshot['version']> {
    const read = (): Promise<Snapshot | undefined> => this.#closing.track(this._get(path, context));
    try {
      return (await runLater(observer, read, context))?.version;
    } catch (thrown) {
      throw adapterError(thrown, 'get', path);
    }
  }

  #claims(operation: OperationName, path: DirectoryPath): C {
    try {
      return this._capabilitiesAt(path);
    } catch (thrown) {
      throw adapterError(thrown, operation, path);
    }
  }

  /** Validates a path; everything else about the call is checked after it, so that errors can name it. */
  #address(operation: OperationName, path: string): VirtualPath {
    return this.#checked(operation, undefined, () => parsePath(path));
  }

  /** Adds the operation and the path to the errors of argument checks. */
  #checked<T>(operation: OperationName, path: string | undefined, check: () => T): T {
    try {
      return check();
    } catch (thrown) {
      throw argumentError(thrown, operation, path);
    }
  }

  #begin(operation: OperationName, path: string, limits: OperationLimits): Patience {
    this.#closing.refuse(operation, path);
    return new Patience(operation, path, limits);
  }

  async #read<T>(operation: OperationName, path: string, patience: Patience, start: () => Promise<T>): Promise<T> {
    const tooLate = patience.exhausted();
    if (tooLate !== undefined) throw tooLate;
    try {
      const work = this.#backend(start(), patience);
      if (!patience.bounded) return await work;
      const first = await Promise.race([work.then(() => undefined), patience.gaveUp()]);
      if (first === undefined) return await work;
      throw first;
    } catch (thrown) {
      throw unlessCutShort(adapterError(thrown, operation, path), patience);
    } finally {
      const turn = eventLoopShare.due({ reads: true });
      if (turn !== undefined) await turn;
    }
  }
}
