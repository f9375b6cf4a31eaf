import type fc from 'fast-check';
import type { Operation } from './operation.ts';
import type { Round } from './round.ts';

/** One operation of a random sequence. The models belong to the sides of the round, so fast-check's own is empty. */
export class Step implements fc.AsyncCommand<object, Round> {
  readonly #operation: Operation;

  constructor(operation: Operation) {
    this.#operation = operation;
  }

  check(): boolean {
    return true;
  }

  run(_model: object, round: Round): Promise<void> {
    return round.settle(this.#operation);
  }

  toString(): string {
    return this.#operation.toString();
  }
}
