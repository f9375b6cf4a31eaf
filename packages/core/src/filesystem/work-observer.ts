import type { OperationContext } from './operation-context.ts';
import type { Region, StorePlace } from './region.ts';

/**
 * Told of what a call really makes the backend do, which may outlast the call: a caller that gave up has its answer
 * while the backend still works.
 */
export interface WorkObserver {
  /** A backend call has begun, and ends when the promise settles. */
  began(work: Promise<unknown>): void;
  /**
   * Runs a backend call that does not begin together with its operation: a page of `entries`, or a read that finds out
   * what became of a write. It may wait with it, or refuse it.
   */
  run<T>(call: () => Promise<T>, context: OperationContext): Promise<T>;
}

/** Runs such a call as the observer wants it, if there is one. */
export function runLater<T>(
  observer: WorkObserver | undefined,
  call: () => Promise<T>,
  context: OperationContext,
): Promise<T> {
  return observer === undefined ? call() : observer.run(call, context);
}

/**
 * A filesystem that tells the observers of its calls what they make the backend do, or passes them on to those that do.
 * A stranger's does not, even if it looks like one of these.
 */
export abstract class ObservedFilesystem {
  // Private, so that a proxy has none.
  readonly #observed = true;

  /** Whether a value is one. */
  static includes(value: object): boolean {
    return #observed in value && value.#observed;
  }

  /** Where what a filesystem shows is. A stranger's is a store of its own: what is below it, only it knows. */
  static regionsOf(filesystem: object): readonly Region[] {
    if (#observed in filesystem) return filesystem._regions();
    return [{ at: '/', store: filesystem, directory: '/', hidden: [] }];
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
}

/** Options with an observer, which is none of their keys: every filesystem takes them, and no caller can forge one. */
class ObservedOptions {
  readonly #observer: WorkObserver;

  constructor(options: object, observer: WorkObserver) {
    this.#observer = observer;
    // Not assigned, which would read what may only be read by who refuses it.
    Object.defineProperties(this, Object.getOwnPropertyDescriptors(options));
  }

  static observerOf(value: object): WorkObserver | undefined {
    return #observer in value ? value.#observer : undefined;
  }
}

/** The same options for a call that is observed. */
export function observed<O extends object>(options: O, observer: WorkObserver): O {
  return new ObservedOptions(options, observer) as unknown as O;
}

/** Who observes a call with these options. */
export function observerOf(options: unknown): WorkObserver | undefined {
  return typeof options === 'object' && options !== null ? ObservedOptions.observerOf(options) : undefined;
}
