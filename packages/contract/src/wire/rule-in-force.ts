import { Gate } from '../support/barrier.ts';
import type { ParsedRule } from './parse-rule.ts';
import type { WireFault } from './wire-fault.ts';

/** A rule that a proxy goes by: where it is on the way, and what has come of it. */
export class RuleInForce implements WireFault {
  readonly rule: ParsedRule;
  readonly happened: Promise<void>;
  readonly #happened = new Gate();
  readonly #onApplied: () => void;
  #applied = 0;
  #messages = 0;
  #bytes = 0;
  #ripe = false;

  constructor(rule: ParsedRule, onApplied: () => void) {
    this.rule = rule;
    this.happened = this.#happened.passed;
    this.#onApplied = onApplied;
  }

  get applied(): number {
    return this.#applied;
  }

  /** Its time has come. */
  ripen(): void {
    this.#ripe = true;
  }

  /** A message begins. */
  begin(): void {
    this.#messages += 1;
  }

  /** So many bytes have passed. */
  pass(bytes: number): void {
    this.#bytes += bytes;
  }

  /** How many of the bytes that are left of a message pass before it applies; `undefined` when all do. */
  bytesBefore(left: number, whole: number): number | undefined {
    const { at, times } = this.rule;
    if (this.#applied >= times) return undefined;
    if ('afterMs' in at) return this.#ripe ? 0 : undefined;
    if ('byte' in at) {
      const before = at.byte - 1 - this.#bytes;
      return before < left ? before : undefined;
    }
    if (this.#messages !== at.message) return undefined;
    return Math.max(0, Math.floor((at.share ?? 0) * whole) - (whole - left));
  }

  /** It applies now; counting begins anew, after the byte before which it stands. */
  apply(): void {
    this.#applied += 1;
    this.#messages = 0;
    this.#bytes = -1;
    this.#ripe = false;
    this.#happened.open();
    this.#onApplied();
  }
}
