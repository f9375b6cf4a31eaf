import type { Claimant } from '../capabilities/gate.ts';
import type { Entry, EntryInput, Snapshot } from '../entries/entry.ts';
import { parseEntry } from '../entries/parse-entry.ts';
import type { HoldfastError, OperationName } from '../errors/holdfast-error.ts';
import { restated } from '../errors/restated.ts';
import { argumentError } from '../filesystem/adapter-error.ts';
import type { OperationContext } from '../filesystem/operation-context.ts';
import { MAX_TIMEOUT_MS, parseTimeout } from '../filesystem/operation-options.ts';
import type { WorkObserver } from '../filesystem/work-observer.ts';
import type { DirectoryPath, VirtualPath } from '../paths/virtual-path.ts';
import type { Call } from './call.ts';
import { ownOutcome, type Named } from './named.ts';
import type { OperationArguments, OperationKind } from './operation-kind.ts';

/**
 * One call of an operation, as a value. It is made once, where the caller's arguments come in: they are checked and
 * copied then, and nothing can change them any more. Layers, views and mounts pass it on, or another one made of it.
 */
export class Operation<R = unknown, A extends OperationArguments = OperationArguments>
  implements Named, OperationContext
{
  /** @internal */
  readonly kind: OperationKind<R, A>;
  /** Frozen, as is everything in them but the bytes of bodies. */
  readonly args: A;
  /** @internal */
  readonly call: Call;

  /** @internal */
  constructor(kind: OperationKind<R, A>, args: A, call: Call) {
    this.kind = kind;
    this.args = Object.freeze(args);
    this.call = call;
  }

  /** What is called: `get`, `getMany`, `put`, `delete`, `list`, `commit`, or `entries` for one page of an iteration. */
  get name(): OperationName {
    return this.kind.name;
  }

  /** The path that its errors name; `undefined` when it was given none that is one. */
  get path(): DirectoryPath | undefined {
    return this.args.path;
  }

  /** Every path that it has to do with: of most operations one, which is {@link path}. */
  get paths(): readonly DirectoryPath[] {
    return this.kind.touches(this.args).map(({ path }) => path);
  }

  /** Whether it changes something. */
  get changes(): boolean {
    return this.kind.changes;
  }

  /** What is wrong with what the caller gave. Whoever is asked to do the operation rejects with it; nobody else should. */
  get refusal(): HoldfastError | undefined {
    return this.call.refusal;
  }

  /** Fires when the caller gave up or the deadline passed, in the async context of the call. */
  get signal(): AbortSignal {
    return this.call.patience.signal;
  }

  /** Whether it has a deadline or a caller who can give up. */
  get isBounded(): boolean {
    return this.call.patience.bounded;
  }

  /** Milliseconds until the deadline; `Infinity` when there is none. */
  remainingMs(): number {
    return this.call.patience.remainingMs();
  }

  /** The error to end with when the caller gave up or the deadline passed; `undefined` while neither did. */
  exhausted(): HoldfastError | undefined {
    const over = this.call.patience.exhausted();
    return over === undefined ? undefined : this.#own(over);
  }

  /** @internal The same for an error of the patience, which may have been made for another operation. */
  overdue(over: HoldfastError): HoldfastError {
    return this.#own(over);
  }

  /**
   * Does something with the same operation that has at most so many milliseconds from now on: with itself, if it has to
   * end before that.
   *
   * @throws HoldfastError `INVALID_ARGUMENT`
   */
  async within<T>(timeoutMs: number, run: (operation: Operation<R, A>) => Promise<T>): Promise<T> {
    const patience = this.call.patience.within(parseTimeout(timeoutMs) ?? MAX_TIMEOUT_MS);
    if (patience === this.call.patience) return await run(this);
    try {
      return await run(this.with(this.args, this.call.withPatience(patience)));
    } finally {
      patience[Symbol.dispose]();
    }
  }

  /** @internal */
  observedBy(observer: WorkObserver): Operation<R, A> {
    return new Operation(this.kind, this.args, this.call.observedBy(observer));
  }

  /** @internal The same for somebody who may write into the bodies that it brings. */
  owning(): Operation<R, A> {
    return this.call.borrows ? this.with(this.args, this.call.owning()) : this;
  }

  /** @internal The same call with other arguments. */
  with(args: A, call: Call = this.call): Operation<R, A> {
    return new Operation(this.kind, args, call);
  }

  /**
   * The same operation with each entry that it carries to the backend as `change` makes it, which is checked as one that
   * a caller gives.
   *
   * @throws HoldfastError `INVALID_ARGUMENT`
   */
  mapEntries(change: (path: VirtualPath, entry: Entry) => EntryInput): Operation<R, A> {
    return this.sealed((path, entry) => {
      const changed = change(path, entry);
      try {
        return parseEntry(changed);
      } catch (thrown) {
        throw argumentError(thrown, this);
      }
    });
  }

  /** An answer to it with each entry that it brings as `change` makes it. Of a page, those before one that throws are given. */
  mapAnswer(answer: R, change: <S extends Snapshot>(path: VirtualPath, found: S) => S): R {
    return this.kind.opened === undefined ? answer : this.kind.opened(answer, this.args, change);
  }

  /** @internal The same with each entry that it carries as `seal` makes it, which is this package's own. */
  sealed(seal: (path: VirtualPath, entry: Entry) => Entry): Operation<R, A> {
    return this.kind.sealed === undefined ? this : this.with(this.kind.sealed(this.args, seal));
  }

  /** @internal Refuses what cannot be honoured by whoever claims this. @throws HoldfastError */
  gate(claimant: Claimant): void {
    this.kind.gate?.(claimant, this);
  }

  #own(over: HoldfastError): HoldfastError {
    const { name, path } = this;
    if (over.operation === name && over.path === path) return over;
    return restated(over, { operation: name, path, outcome: ownOutcome(this, 'not-applied') });
  }
}
