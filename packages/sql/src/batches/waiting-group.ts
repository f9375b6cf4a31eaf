import { HoldfastError, isHoldfastError } from '@holdfast/core';
import { clock, restated, type OperationContext } from '@holdfast/core/adapter';
import type { GroupResult, WriteGroup } from '../group.ts';
import { groupBytes } from './group-bytes.ts';

/** How a group ended: with a result of its own, or with what all of its batch failed with. */
type Ending = { readonly result: GroupResult } | { readonly failure: unknown };

/** How many have come so far, in this process. */
let came = 0;

/** A group that somebody wants to have written, from when it comes until it is answered. */
export class WaitingGroup {
  readonly group: WriteGroup;
  readonly context: OperationContext;
  /** About how much of it is sent. */
  readonly bytes: number;
  /** When it came, on the clock of core. */
  readonly since: number;
  /** At how many of its paths somebody is before it. */
  behind = 0;
  readonly #number: number;
  /** How many had come when it was sent, the last time; 0 while it was not. */
  #sentAfter = 0;
  #ending: Ending | undefined;
  #tell: (() => void) | undefined;
  #stopListening: (() => void) | undefined;

  constructor(group: WriteGroup, context: OperationContext) {
    this.group = group;
    this.context = context;
    this.bytes = groupBytes(group);
    this.since = clock.now();
    came += 1;
    this.#number = came;
  }

  /** Notes that it is sent, or may be from now on. */
  sends(): void {
    this.#sentAfter = came;
  }

  /** Whether it was sent when another had come already. */
  wasSentAfter(other: WaitingGroup): boolean {
    return other.#number <= this.#sentAfter;
  }

  /**
   * What becomes of it; to be asked for once. What failed for all of a batch is an error of its own for each, made here, where
   * it is awaited.
   */
  async result(): Promise<GroupResult> {
    if (this.#ending === undefined) {
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
    }
    const ending = this.#ending as unknown as Ending;
    return 'result' in ending ? ending.result : { error: ownError(ending.failure) };
  }

  get isAnswered(): boolean {
    return this.#ending !== undefined;
  }

  /** Whether whoever wants it has given up. */
  get isGivenUp(): boolean {
    return this.context.signal.aborted;
  }

  /** Answers it, if nobody has. */
  answer(result: GroupResult): void {
    this.#end({ result });
  }

  /** Answers it with what all of its batch failed with. */
  fail(failure: unknown): void {
    this.#end({ failure });
  }

  /** Answers that nothing was applied, since whoever wanted it has given up. */
  leave(): void {
    this.answer({ error: reasonOf(this.context.signal) });
  }

  /** Answers that it is not known what became of it, to one who has given up. */
  abandon(): void {
    this.answer({ error: restated(reasonOf(this.context.signal), { outcome: 'unknown' }) });
  }

  /** Calls back when whoever wants it gives up, unless it is answered before. Of several callbacks the last counts. */
  onGivenUp(callBack: () => void): void {
    this.#stopListening?.();
    if (this.isAnswered) return;
    const { signal } = this.context;
    if (signal.aborted) return callBack();
    signal.addEventListener('abort', callBack, { once: true });
    this.#stopListening = () => signal.removeEventListener('abort', callBack);
  }

  /** Calls nobody back any more who asked for it with {@link onGivenUp}. */
  heedNobody(): void {
    this.#stopListening?.();
  }

  #end(ending: Ending): void {
    if (this.isAnswered) return;
    this.#ending = ending;
    this.#stopListening?.();
    this.#tell?.();
  }
}

function ownError(failure: unknown): HoldfastError {
  if (isHoldfastError(failure)) return restated(failure, { outcome: failure.outcome });
  return new HoldfastError('BACKEND_FAILED', 'the backend failed', { outcome: 'unknown', cause: failure });
}

function reasonOf({ reason }: AbortSignal): HoldfastError {
  if (isHoldfastError(reason)) return reason;
  return new HoldfastError('ABORTED', 'the caller aborted', { outcome: 'not-applied', cause: reason });
}
