import type { Capabilities } from '../capabilities/capabilities.ts';
import type { Snapshot } from '../entries/entry.ts';
import { errorOf, type Named } from '../operations/named.ts';
import type { Operation } from '../operations/operation.ts';
import { entriesWithin, scannedPage, type ScannedPage } from '../operations/entries/scanned-page.ts';
import type { PathRange } from '../paths/path-range.ts';
import type { DirectoryPath, VirtualPath } from '../paths/virtual-path.ts';
import { eventLoopShare } from '../timing/event-loop-share.ts';
import type { Version } from '../versions/version.ts';
import { adapterError } from './adapter-error.ts';
import type { Adapter } from './adapter-methods.ts';
import type { Closing } from './closing.ts';
import { unlessCutShort } from './cut-short.ts';
import { truthOf, type Mutation } from './mutation.ts';
import type { OperationContext } from './operation-context.ts';
import { ScanOf, type ScanNeeds } from './scan-context.ts';
import { underWay } from './under-way.ts';
import { runLater, type WorkObserver } from './work-observer.ts';

/** What every operation has of an adapter: its methods, called within the bounds of a call and with its errors. */
export class Backend {
  readonly adapter: Adapter;
  readonly #closing: Closing;

  constructor(adapter: Adapter, closing: Closing) {
    this.adapter = adapter;
    this.#closing = closing;
  }

  /** What the backend promises at a path, for an operation. */
  claims(named: Named, path: DirectoryPath | undefined): Capabilities {
    try {
      return this.adapter._capabilitiesAt(path ?? '/');
    } catch (thrown) {
      throw adapterError(thrown, { name: named.name, path, changes: named.changes });
    }
  }

  /**
   * The adapter as one that has a method which not every adapter has; without it, the operation is refused.
   *
   * @throws HoldfastError `UNSUPPORTED`
   */
  with<A extends object>(method: keyof A & `_${string}`, operation: Operation): Adapter & A {
    const adapter = this.adapter as Adapter & A;
    if (typeof adapter[method] === 'function') return adapter;
    throw errorOf(operation, 'UNSUPPORTED', 'the backend cannot do this', { capability: 'planes' });
  }

  /** Does an operation that changes nothing. */
  async read<T>(operation: Operation, start: (context: OperationContext) => Promise<T>): Promise<T> {
    this.#begin(operation);
    const { patience, observer } = operation.call;
    this.#closing.began();
    let work: Promise<T> | undefined;
    try {
      work = underWay(start(patience), observer);
      const answer = await patience.race(work);
      this.#closing.ended();
      return answer;
    } catch (thrown) {
      // Where it is the end of the patience that was thrown, the work goes on.
      if (work !== undefined && thrown === patience.exhausted()) this.trackAlso(work);
      this.#closing.ended();
      throw unlessCutShort(adapterError(thrown, operation), operation);
    } finally {
      const turn = eventLoopShare.due({ reads: true });
      if (turn !== undefined) await turn;
    }
  }

  /** Does an operation that changes something. The whole of it is under way, also between its backend calls. */
  async mutate<S, T>(operation: Operation<T>, mutationOf: () => Mutation<S, T>): Promise<T> {
    this.#begin(operation);
    const mutation = mutationOf();
    const { patience, observer } = operation.call;
    this.#closing.began();
    let sent: Promise<S> | undefined;
    try {
      sent = underWay(mutation.send(patience), observer);
      return mutation.answered(await patience.race(sent));
    } catch (thrown) {
      return await truthOf(mutation, operation, sent ?? Promise.reject(thrown), this);
    } finally {
      this.#closing.ended();
      const turn = eventLoopShare.due({ reads: false });
      if (turn !== undefined) await turn;
    }
  }

  /** Makes a backend call of an operation, which is under way until it settles, whoever still waits for it. */
  async track<T>(start: () => Promise<T>, observer: WorkObserver | undefined): Promise<T> {
    this.#closing.began();
    try {
      return await underWay(start(), observer);
    } finally {
      this.#closing.ended();
    }
  }

  /** Counts work that goes on, for which nobody waits any longer, as under way until it settles. */
  trackAlso(work: Promise<unknown>): void {
    const ended = (): void => this.#closing.ended();
    this.#closing.began();
    work.then(ended, ended);
  }

  /** The version of an entry, for one who has to find out what became of a write. */
  async readBack(operation: Operation, path: VirtualPath, context: OperationContext): Promise<Version | undefined> {
    const read = (): Promise<Snapshot | undefined> => this.track(() => this.adapter._get(path, context), undefined);
    try {
      return (await runLater(operation.call.observer, read, context))?.version;
    } catch (thrown) {
      throw adapterError(thrown, { name: 'get', path, changes: false });
    }
  }

  /** The first entries of a range, at most `limit`, and as many bytes of them as are needed. */
  async scan(
    directory: DirectoryPath,
    { range, limit }: { readonly range: PathRange; readonly limit: number },
    needs: ScanNeeds,
    call: OperationContext,
  ): Promise<ScannedPage> {
    const most = this.adapter._mostPageBytes();
    const maxBytes = Math.min(needs.maxBytes, most ?? Infinity);
    const { maxBodyBytes } = this.claims({ name: 'entries', path: directory, changes: false }, directory);
    const asked = { range, limit: most === undefined ? entriesWithin(maxBytes, maxBodyBytes, limit) : limit, maxBytes };
    const context = new ScanOf(call, { ...needs, maxBytes });
    return scannedPage(await this.adapter._scan(range, asked.limit, context), asked);
  }

  /** Refuses what cannot be done. */
  #begin(operation: Operation): void {
    const closed = this.#closing.refusal(operation);
    if (closed !== undefined) throw closed;
    operation.gate(this);
    const tooLate = operation.exhausted();
    if (tooLate !== undefined) throw tooLate;
  }
}
