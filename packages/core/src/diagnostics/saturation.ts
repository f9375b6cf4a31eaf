/** The part of a bounded queue or pool whose use is published. */
export const SATURATION_SHARE = 0.8;

/** Below this part of its bound a queue or pool counts as relieved, and is published again when it fills up again. */
const RELIEF_SHARE = 0.5;

/** The name of the `node:diagnostics_channel` on which a {@link SaturationMessage} is published. */
export const SATURATION_CHANNEL = 'holdfast:saturation';

/** Says that a bounded queue or pool is nearly full. */
export interface SaturationMessage {
  /** Which, as the table of limits names it: `withConcurrencyLimit writes.queue`. */
  readonly bound: string;
  /** Whose, where that was given a name: the `name` of `withConcurrencyLimit`. */
  readonly name: string | undefined;
  /** How much of it was in use, at that moment. */
  readonly used: number;
  readonly limit: number;
}

/**
 * Watches how much of a bounded queue or pool is in use. Publishes once when that reaches 80 %, and again only after it
 * has been below 50 %: once for each time of trouble, not for each call.
 */
export class SaturationWatch {
  readonly #bound: string;
  readonly #limit: number;
  readonly #name: string | undefined;
  #published = false;

  constructor(bound: string, limit: number, name?: string) {
    this.#bound = bound;
    this.#limit = limit;
    this.#name = name;
  }

  /** Says how much is in use now. */
  update(used: number): void {
    if (this.#published) {
      if (used < this.#limit * RELIEF_SHARE) this.#published = false;
    } else if (used >= this.#limit * SATURATION_SHARE && used > 0) {
      this.#published = true;
      const message: SaturationMessage = { bound: this.#bound, name: this.#name, used, limit: this.#limit };
      publish(message);
    }
  }
}

/** Publishes where the runtime has such channels, which is asked for and not imported: core also loads where it has none. */
function publish(message: SaturationMessage): void {
  globalThis.process?.getBuiltinModule?.('node:diagnostics_channel')?.channel(SATURATION_CHANNEL).publish(message);
}
