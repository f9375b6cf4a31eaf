import { clock } from '@holdfast/core/adapter';
import { ContractViolation } from './check.ts';

/** Lets nobody through until a number of parties have arrived. Later arrivals pass at once. */
export class Barrier {
  #missing: number;
  readonly #opened: Promise<void>;
  #open!: () => void;

  constructor(parties: number) {
    this.#missing = parties;
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
    if (parties <= 0) this.#open();
  }

  /** Counts one arrival; resolves when all have arrived or the barrier was opened. */
  arrive(): Promise<void> {
    this.#missing -= 1;
    if (this.#missing <= 0) this.#open();
    return this.#opened;
  }

  /** Lets everybody through, whoever is missing. */
  open(): void {
    this.#open();
  }
}

/** A promise with its resolver, to hold something up until it is released. */
export class Gate {
  readonly passed: Promise<void>;
  #open!: () => void;

  constructor() {
    this.passed = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open();
  }
}

/**
 * Waits until a call has come as far as the gate. Whoever uses it may leave the call unawaited from then on: its
 * rejection counts as handled.
 *
 * @throws when the call is answered first: its own error, or a {@link ContractViolation} when it succeeded
 */
export async function reached(gate: Gate, call: Promise<unknown>): Promise<void> {
  const early = await Promise.race([gate.passed.then(() => false), call.then(() => true)]);
  if (early) throw new ContractViolation('expected a call to reach the backend; it was answered before');
}

/** Lets everything else that is ready run first. */
export function nextTurn(): Promise<void> {
  return clock.nextTurn();
}
