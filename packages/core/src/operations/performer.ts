import type {
  Capabilities,
  DeleteExpectationFor,
  EntryFor,
  ExpectationFor,
  VersionAt,
} from '../capabilities/capabilities.ts';
import type { Snapshot } from '../entries/entry.ts';
import { CallersSteps } from './entries/callers-steps.ts';
import { Closing } from '../filesystem/closing.ts';
import type { OperationOptions } from '../filesystem/operation-options.ts';
import type { Region, StorePlace } from '../filesystem/region.ts';
import type {
  DeleteResult,
  EntriesOptions,
  ListOptions,
  ListPage,
  PutResult,
  RootFilesystem,
} from '../filesystem/root-filesystem.ts';
import { makeDelete } from './delete/delete.ts';
import { iterate } from './entries/iterate.ts';
import { makeGet } from './get/get.ts';
import { makeList } from './list/list.ts';
import { askStranger } from './ask-stranger.ts';
import type { Operation } from './operation.ts';
import { PUBLIC_METHODS, type PublicMethod } from './public-methods.ts';
import { makePut } from './put/put.ts';
import { untilOver } from './until-over.ts';

/**
 * A filesystem that does operations as values. Its public methods make one of what they are given and have it done;
 * filesystems of this package pass the value on to each other. All others are asked by their public methods.
 */
export abstract class Performer<C extends Capabilities = Capabilities> implements RootFilesystem<C> {
  // Private, so that a proxy has none.
  readonly #closing = new Closing(() => this._close());

  /** @inheritDoc */
  abstract capabilitiesAt(path: string): C;

  /** Releases what is owned. Called once, after the operations under way have ended or had their time to. */
  protected abstract _close(): Promise<void>;

  /** @internal Does an operation. What goes wrong may be thrown or rejected with. */
  protected abstract _perform<R>(operation: Operation<R>): Promise<R>;

  /** @internal Has a filesystem do an operation that another one passes on. */
  static pass<R>(filesystem: RootFilesystem, operation: Operation<R>): Promise<R> {
    return Performer.#isAsked(filesystem, operation)
      ? filesystem._perform(operation)
      : askStranger(filesystem, operation);
  }

  /** @internal Has a filesystem do an operation that was made for it, to its end, which comes in time. */
  static begin<R>(filesystem: RootFilesystem, operation: Operation<R>): Promise<R> {
    if (!Performer.#isAsked(filesystem, operation)) {
      const asked = askStranger(filesystem, operation);
      return operation.call.hasEnd ? toTheEnd(asked, operation) : asked;
    }
    const work = filesystem._begin(operation);
    return filesystem._endsInTime() ? work : untilOver(work, operation);
  }

  /** @internal Whether operations that are no public method can go through a filesystem. */
  static takesPlanes(filesystem: object): boolean {
    return #closing in filesystem && PUBLIC_METHODS.every((name) => isOwn(filesystem, name));
  }

  /** @internal Where what a filesystem shows is. A stranger's is a store of its own: what is below it, only it knows. */
  static regionsOf(filesystem: object): readonly Region[] {
    if (#closing in filesystem) return filesystem._regions();
    return [{ at: '/', store: filesystem, directory: '/', hidden: [] }];
  }

  /**
   * Whether it takes an operation as a value. Who has overridden a public method is asked by that; and does nothing that
   * has none, since that would go past what was overridden.
   */
  static #isAsked(filesystem: object, { kind: { method } }: Operation): filesystem is Performer {
    if (method === undefined) return Performer.takesPlanes(filesystem);
    return #closing in filesystem && isOwn(filesystem, method);
  }

  /**
   * Which store the entries are in, and below which of its directories, so that a mount table can refuse to show the
   * same ones twice. By default the instance is a store of its own. Synchronous, and always the same.
   */
  protected _place(): StorePlace {
    return { store: this, directory: '/' };
  }

  /** @internal */
  protected _regions(): readonly Region[] {
    return [{ ...this._place(), at: '/', hidden: [] }];
  }

  /** @internal */
  protected get _closing(): Closing {
    return this.#closing;
  }

  /** @internal Lets an operation in, and is not released before its end. @throws HoldfastError `CLOSED` */
  protected _enter(operation: Operation): void {
    const closed = this.#closing.refusal(operation);
    if (closed !== undefined) throw closed;
    operation.call.enter(this.#closing);
  }

  /** @internal Whether the entries of a page that is fetched are given out no more. */
  protected _givesNoMore(): boolean {
    return this.#closing.hasBegun;
  }

  /** @internal Whether it ends operations when their time is over, whatever it is made of. */
  protected _endsInTime(): boolean {
    return false;
  }

  /** @internal Does an operation that was made here, to its end. */
  protected async _begin<R>(operation: Operation<R>): Promise<R> {
    try {
      return await this._perform(operation);
    } finally {
      operation.call.end();
    }
  }

  /** @inheritDoc */
  get(path: string, options?: OperationOptions): Promise<Snapshot<VersionAt<C>> | undefined> {
    return this._begin(makeGet(path, options)) as Promise<Snapshot<VersionAt<C>> | undefined>;
  }

  /** @inheritDoc */
  put(
    path: string,
    entry: EntryFor<C>,
    expectation: ExpectationFor<C>,
    options?: OperationOptions,
  ): Promise<PutResult<VersionAt<C>>> {
    return this._begin(makePut(path, entry, expectation, options)) as Promise<PutResult<VersionAt<C>>>;
  }

  /** @inheritDoc */
  delete(path: string, expectation: DeleteExpectationFor<C>, options?: OperationOptions): Promise<DeleteResult> {
    return this._begin(makeDelete(path, expectation, options));
  }

  /** @inheritDoc */
  list(directory: string, options?: ListOptions): Promise<ListPage> {
    return this._begin(makeList(directory, options));
  }

  /** @inheritDoc */
  entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot<VersionAt<C>>, void, undefined> {
    const pages = { fetch: this._begin.bind(this), isOver: this._givesNoMore.bind(this) };
    return new CallersSteps(iterate<Snapshot<VersionAt<C>>>(pages, prefix, options));
  }

  /** @inheritDoc */
  close(): Promise<void> {
    return this.#closing.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** What is answered to an operation, whose end that is. */
async function toTheEnd<R>(answer: Promise<R>, operation: Operation<R>): Promise<R> {
  try {
    return await answer;
  } finally {
    operation.call.end();
  }
}

function isOwn(filesystem: Performer, method: PublicMethod): boolean {
  return filesystem[method] === Performer.prototype[method];
}
