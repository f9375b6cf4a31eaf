import { AsyncLocalStorage } from 'node:async_hooks';
import type { Need } from '../needs.ts';
import { ContractViolation } from '../support/check.ts';
import { forwardRejection, watchRejections } from './unhandled-rejections.ts';

const runs = new AsyncLocalStorage<CurrentRun>();

/** Those whose rejections are watched, among them some that are over. */
const watched = new Set<CurrentRun>();

/**
 * One run of one scenario, which whatever is done in it can find: to stop when it is abandoned, and to be told whose a
 * rejection was that nobody handled. Disposing of it ends the watching.
 */
export class CurrentRun implements Disposable {
  /** The reasons of rejections that nobody handled, as they come, also when the scenario is over. */
  readonly unhandled: unknown[] = [];
  /** The needs that are not claimed, once they are known; where there are any, the opposite is run. */
  unmet: readonly Need[] = [];
  /** The claims that it is run for, once they are known, where none is missing: of durability and sharing. */
  claimed: readonly string[] = [];
  readonly #controller = new AbortController();
  #lastWords: (() => Promise<string>) | undefined;
  #isUnderWay = false;

  constructor() {
    if (watched.size === 0) watchRejections(attribute);
    watched.add(this);
  }

  /** Fires when nobody waits for the scenario any more. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** Does work that finds this run, in whatever it starts too. */
  async around<T>(work: () => Promise<T>): Promise<T> {
    this.#isUnderWay = true;
    try {
      return await runs.run(this, work);
    } finally {
      this.#isUnderWay = false;
    }
  }

  /** Says what is to be told about the scenario if it runs out of time. The last one counts. */
  tellWhenAbandoned(lastWords: () => Promise<string>): void {
    this.#lastWords = lastWords;
  }

  /** Tells everything that is still done to stop, and gives what the scenario has to say about how far it came. */
  async abandon(): Promise<string | undefined> {
    this.#controller.abort(new ContractViolation('expected nothing more of a scenario that was abandoned'));
    return this.#lastWords?.();
  }

  [Symbol.dispose](): void {
    watched.delete(this);
    if (watched.size === 0) watchRejections(undefined);
  }
}

/** The run that the caller is part of. */
export function currentRun(): CurrentRun | undefined {
  return runs.getStore();
}

/**
 * Stops what goes on for a scenario that was abandoned.
 *
 * @throws ContractViolation
 */
export function stopIfAbandoned(): void {
  currentRun()?.signal.throwIfAborted();
}

/** A rejection belongs to the run that it came from; one from nowhere, to the only one that is under way. */
function attribute(reason: unknown, promise: Promise<unknown>): void {
  const underWay = [...watched].filter((run) => run.isUnderWay);
  const run = currentRun() ?? (underWay.length === 1 ? underWay[0] : undefined);
  if (run !== undefined && watched.has(run)) run.unhandled.push(reason);
  else forwardRejection(reason, promise);
}
