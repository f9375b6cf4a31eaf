import type { Socket } from 'node:net';
import { clock } from '@holdfast/core/adapter';
import { Gate } from '../support/barrier.ts';
import type { RuleInForce } from './rule-in-force.ts';
import type { WireEffect } from './wire-rule.ts';

/** What a direction of a connection asks of the proxy it belongs to. */
export interface WaySide {
  /** The rules of this direction; a message of so many bytes begins. */
  begin(bytes: number): readonly RuleInForce[];
  /** An effect that is not only about this message, of a rule that applies on this connection. */
  affect(fault: RuleInForce): void;
  /** One of the sockets is gone: the other goes the same way. */
  lost(): void;
}

/** One direction of one connection. */
export class WireWay {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #side: WaySide;
  #stall: Gate | undefined;
  #lost = false;
  #over = false;

  constructor(from: Socket, to: Socket, side: WaySide) {
    [this.#from, this.#to, this.#side] = [from, to, side];
  }

  /** Nothing passes until `goOn`. */
  stall(): void {
    this.#stall ??= new Gate();
  }

  goOn(): void {
    this.#stall?.open();
    this.#stall = undefined;
  }

  /** Nothing passes any more. */
  lose(): void {
    this.#lost = true;
    this.goOn();
  }

  /** The sockets are closed; nothing is to be waited for. */
  end(): void {
    this.#over = true;
    this.goOn();
  }

  /** Passes on what is said, until its end. Never rejects. */
  async run(): Promise<void> {
    try {
      for await (const message of this.#from.iterator({ destroyOnReturn: false }))
        await this.#message(message as Buffer);
      await this.#going();
      if (!this.#lost) this.#to.end();
    } catch {
      await this.#going();
      if (!this.#lost && !this.#over) this.#side.lost();
    }
  }

  async #message(message: Buffer): Promise<void> {
    const faults = this.#side.begin(message.length);
    let left: Buffer | undefined = message;
    while (left !== undefined && left.length > 0) {
      const next = firstOf(faults, left.length, message.length);
      const before: number = next?.before ?? left.length;
      for (const fault of faults) fault.pass(before);
      await this.#write(left.subarray(0, before));
      left = left.subarray(before);
      if (next !== undefined) left = await this.#meet(next.fault, left);
    }
  }

  /** What is left of a message after a rule has applied; `undefined` if nothing is. */
  async #meet(fault: RuleInForce, left: Buffer): Promise<Buffer | undefined> {
    fault.apply();
    const { effect } = fault.rule;
    if (effect === 'drop') return undefined;
    if (typeof effect === 'string') {
      this.#side.affect(fault);
      return this.#over ? undefined : left;
    }
    return changed(effect, left);
  }

  /** Resolves once nothing stalls. */
  async #going(): Promise<void> {
    while (this.#stall !== undefined) await this.#stall.passed;
  }

  async #write(bytes: Buffer): Promise<void> {
    await this.#going();
    if (this.#lost || this.#over || bytes.length === 0) return;
    await new Promise<void>((resolve) => void this.#to.write(bytes, () => resolve()));
  }
}

/** Which of the rules applies first to what is left of a message, and after how many bytes. */
function firstOf(
  faults: readonly RuleInForce[],
  left: number,
  whole: number,
): { readonly fault: RuleInForce; readonly before: number } | undefined {
  let first: { readonly fault: RuleInForce; readonly before: number } | undefined;
  for (const fault of faults) {
    const before = fault.bytesBefore(left, whole);
    if (before !== undefined && (first === undefined || before < first.before)) first = { fault, before };
  }
  return first;
}

async function changed(effect: Exclude<WireEffect, string>, left: Buffer): Promise<Buffer> {
  if ('delayMs' in effect) {
    await new Promise<void>((resolve) => void clock.setTimeout(resolve, effect.delayMs, { holdsProcess: false }));
    return left;
  }
  if ('repeat' in effect) return Buffer.concat([left.subarray(0, effect.repeat), left]);
  const other = Buffer.from(left);
  other.writeUInt8(other.readUInt8(0) ^ effect.xor, 0);
  return other;
}
