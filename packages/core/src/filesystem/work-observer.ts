import type { OperationContext } from './operation-context.ts';

/**
 * Told of what a call really makes the backend do, which may outlast the call: a caller that gave up has its answer
 * while the backend still works.
 */
export interface WorkObserver {
  /** A backend call has begun, and ends when the promise settles. */
  began(work: Promise<unknown>): void;
  /**
   * Runs a backend call that comes after the first of an operation, or long after it: a page of `entries`, or a read
   * that finds out what became of a write. It may wait with it, or refuse it.
   */
  run<T>(purpose: LaterCall, call: () => Promise<T>, context: OperationContext): Promise<T>;
}

/** What a backend call is for that is not the first of its operation. */
export type LaterCall = 'page' | 'read-back';

/** Options with an observer, which is none of their keys: every filesystem takes them, and no caller can forge one. */
class ObservedOptions {
  readonly #observer: WorkObserver;

  constructor(options: object, observer: WorkObserver) {
    this.#observer = observer;
    Object.assign(this, options);
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
