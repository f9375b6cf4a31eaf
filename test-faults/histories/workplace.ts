import { FaultProxy } from '@holdfast/contract';
import type { RootFilesystem } from '@holdfast/core';
import { openStore, type StorePlace } from './open-store.ts';
import type { VersionedBackend } from './stores.ts';
import { doWork, type Report, type Work } from './work.ts';
import type { Worker } from './worker.ts';

/** How many instances of a store this process has open, where there may be several. */
const INSTANCES = 2;

/**
 * A store and all who work on it: two instances here and another process, where the backend lets them; a server through a
 * proxy.
 */
export class Workplace implements AsyncDisposable {
  /** Between all who work and the server, if there is one. */
  readonly proxy: FaultProxy | undefined;
  /** An instance that does without the proxy, to look at what the others have left. */
  readonly looker: RootFilesystem;
  readonly #place: StorePlace;
  readonly #instances: readonly RootFilesystem[];
  readonly #worker: Worker | undefined;
  readonly #resources: AsyncDisposableStack;

  private constructor(parts: {
    readonly proxy: FaultProxy | undefined;
    readonly looker: RootFilesystem;
    readonly place: StorePlace;
    readonly instances: readonly RootFilesystem[];
    readonly worker: Worker | undefined;
    readonly resources: AsyncDisposableStack;
  }) {
    this.proxy = parts.proxy;
    this.looker = parts.looker;
    this.#place = parts.place;
    this.#instances = parts.instances;
    this.#worker = parts.worker;
    this.#resources = parts.resources;
  }

  /** @param other another process, for backends that let one work on a store too */
  static async open(backend: VersionedBackend, other: Worker): Promise<Workplace> {
    await using resources = new AsyncDisposableStack();
    const store = resources.use(await backend.makeStore());
    const { server, through } = store;
    const proxy = server === undefined ? undefined : resources.use(await FaultProxy.start({ target: server }));
    const place = through === undefined || proxy === undefined ? store.place : through((url) => proxy.through(url));
    const looker = resources.use(await openStore(store.place));
    const instances: RootFilesystem[] = backend.sharing === 'instance' ? [looker] : [];
    while (backend.sharing !== 'instance' && instances.length < INSTANCES) {
      instances.push(resources.use(await openStore(place)));
    }
    const worker = backend.sharing === 'host' ? other : undefined;
    await worker?.open(place);
    return new Workplace({ proxy, looker, place, instances, worker, resources: resources.move() });
  }

  /** Does two parts of a work at once, one of them in another process, where the backend lets it. */
  async do<W extends Work>(here: W, elsewhere: W): Promise<readonly Report<W>[]> {
    return Promise.all([
      doWork(here, this.#instances),
      this.#worker === undefined ? doWork(elsewhere, this.#instances) : this.#worker.does(this.#place, elsewhere),
    ]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}
