import type { HoldfastError } from '../errors/holdfast-error.ts';
import type { Closing } from '../filesystem/closing.ts';
import { NO_LIMITS, type OperationLimits } from '../filesystem/operation-options.ts';
import { Patience } from '../filesystem/operation-context.ts';
import type { WorkObserver } from '../filesystem/work-observer.ts';
import type { Named } from './named.ts';
import type { Series } from './series.ts';

/** Everything about an operation that is not its arguments: how long it may take, who observes it, and its end. */
export class Call {
  readonly patience: Patience;
  /** Who wants to know what the call makes the backend do. */
  readonly observer: WorkObserver | undefined;
  /** What it is a part of, if it is one of several. */
  readonly series: Series | undefined;
  /** What is wrong with what the caller gave. */
  readonly refusal: HoldfastError | undefined;
  /** Whether it is a part of something longer: its end is not that of its patience. */
  readonly isPart: boolean;
  /** Whether who made it only looks at the bodies that it brings, and gives them to nobody. */
  readonly borrows: boolean;
  /** The filesystems that it went into, each as often as it did. */
  #entered: Closing[] | undefined;

  private constructor(
    patience: Patience,
    isPart: boolean,
    borrows: boolean,
    observer?: WorkObserver,
    series?: Series,
    refusal?: HoldfastError,
  ) {
    this.patience = patience;
    this.isPart = isPart;
    this.borrows = borrows;
    this.observer = observer;
    this.series = series;
    this.refusal = refusal;
  }

  /** A call with limits of its own. */
  static of(named: Named, limits: OperationLimits, series?: Series): Call {
    return new Call(new Patience(named, limits), false, false, undefined, series);
  }

  /** One of an operation that is malformed. */
  static refused(named: Named, refusal: HoldfastError): Call {
    return new Call(new Patience(named, NO_LIMITS), false, false, undefined, undefined, refusal);
  }

  /** A part of something longer, whose patience is that of the whole. */
  static within(patience: Patience, borrows = false): Call {
    return new Call(patience, true, borrows);
  }

  /** Whether there is something that has to end with it, also if it went into no filesystem. */
  get hasEnd(): boolean {
    return !this.isPart && this.patience.bounded;
  }

  /** Keeps a filesystem from being released before the end. */
  enter(closing: Closing): void {
    closing.began();
    this.#entered ??= [];
    this.#entered.push(closing);
  }

  /** Says that whoever made the call has the answer. */
  end(): void {
    if (!this.isPart) this.patience[Symbol.dispose]();
    if (this.#entered === undefined) return;
    for (const closing of this.#entered.splice(0)) closing.ended();
  }

  withPatience(patience: Patience): Call {
    return this.#with(patience, this.borrows, this.observer, this.series);
  }

  observedBy(observer: WorkObserver): Call {
    return this.#with(this.patience, this.borrows, observer, this.series);
  }

  ofSeries(series: Series): Call {
    return this.#with(this.patience, this.borrows, this.observer, series);
  }

  /** One whose bodies are for somebody who may write into them. */
  owning(): Call {
    return this.#with(this.patience, false, this.observer, this.series);
  }

  #with(patience: Patience, borrows: boolean, observer: WorkObserver | undefined, series: Series | undefined): Call {
    const call = new Call(patience, this.isPart, borrows, observer, series, this.refusal);
    // One list for all calls that are made of one, which have one end.
    call.#entered = this.#entered ??= [];
    return call;
  }
}
