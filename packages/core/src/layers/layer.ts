import { AdaptedCapabilities } from '../capabilities/adapted-capabilities.ts';
import type { Capabilities } from '../capabilities/capabilities.ts';
import type { Region } from '../filesystem/region.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { Operation } from '../operations/operation.ts';
import { passOn } from '../operations/pass-on.ts';
import { Performer } from '../operations/performer.ts';
import { planesThrough } from '../operations/planes-through.ts';
import { parseFilesystem } from '../routing/parse-attachment.ts';
import { UpdateObserver, type Update, type UpdateResult } from '../updates/update-observer.ts';

/** Passes an operation on to the filesystem below a layer. */
export type Next = <R>(operation: Operation<R>) => Promise<R>;

/**
 * What layers have in common: each passes everything on to the filesystem below it, and overrides what it is for, which
 * is one method for all operations. Closing a layer refuses what comes after, waits for what is under way, and closes
 * the filesystem below.
 */
export abstract class Layer<C extends Capabilities = Capabilities> extends UpdateObserver<C> {
  /** The filesystem below. */
  protected readonly inner: RootFilesystem<C>;
  readonly #next: Next;
  readonly #capabilities = new AdaptedCapabilities<C>();

  constructor(filesystem: RootFilesystem<C>) {
    super();
    this.inner = parseFilesystem('filesystem', filesystem) as unknown as RootFilesystem<C>;
    const below = this.inner as unknown as RootFilesystem;
    this.#next = (operation) => passOn(below, operation);
  }

  /**
   * Does an operation, by default by passing it on. `next` may be called with that operation or with another one made of
   * it, once, more often, or not at all. Each page of `entries` is an operation of its own. What goes wrong may be thrown
   * or rejected with.
   */
  protected _call<R>(operation: Operation<R>, next: Next): Promise<R> {
    return next(operation);
  }

  /** Called once, after the operations under way have ended or had their time to. */
  protected override _close(): Promise<void> {
    return this.inner.close();
  }

  protected override _observeUpdate<R extends UpdateResult>(update: Update, run: () => Promise<R>): Promise<R> {
    return UpdateObserver.observe(this.inner, update, run);
  }

  /** @internal */
  protected override _regions(): readonly Region[] {
    return Performer.regionsOf(this.inner);
  }

  /** @internal */
  protected override _perform<R>(operation: Operation<R>): Promise<R> {
    this._enter(operation);
    return this._call(this._onlyLooks() ? operation : operation.owning(), this.#next);
  }

  /** @internal Whether it leaves the bytes of bodies that it is answered alone, and gives them to nobody but who asked. */
  protected _onlyLooks(): boolean {
    return false;
  }

  /** By default those of the filesystem below, as far as it can be had through this layer. */
  override capabilitiesAt(path: string): C {
    const claimed = this.inner.capabilitiesAt(path);
    if (typeof claimed !== 'object' || claimed === null) return claimed;
    const changes = planesThrough(this.inner, claimed) ?? planesThrough(this, claimed);
    return changes === undefined ? claimed : this.#capabilities.of(claimed, changes);
  }
}
