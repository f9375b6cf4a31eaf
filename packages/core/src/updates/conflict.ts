import type { HoldfastError } from '../errors/holdfast-error.ts';

/** Carries a definite conflict out of an attempt, which starts over for it. Nobody else ever sees one. */
export class Conflict {
  readonly #cause: HoldfastError;

  constructor(cause: HoldfastError) {
    this.#cause = cause;
  }

  get cause(): HoldfastError {
    return this.#cause;
  }

  /** Not `instanceof`, which asks the prototype of what callers threw, and a revoked proxy throws at that. */
  static is(thrown: unknown): thrown is Conflict {
    return typeof thrown === 'object' && thrown !== null && #cause in thrown;
  }
}
