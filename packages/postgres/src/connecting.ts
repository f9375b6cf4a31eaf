import { clock, type Timer } from '@holdfast/core/adapter';

/** How long a connection may be in the making, in milliseconds, before it makes room for another attempt. */
const PATIENCE_MS = 500;

/** How many times as long as one that began later. */
const PATIENCE = 5;

/** What every client of pg has, and what its types leave out. */
export interface Connection {
  ref?(): void;
  unref?(): void;
  readonly connection?: { readonly stream?: { destroy(error?: Error): unknown } };
}

/**
 * The connections of a pool of ours that are being made: one that hears nothing must not keep those out who could have
 * another. Once one is made, those are given up that began before and take many times as long. Until then it cannot be
 * told whether the server is slow or they are lost: while somebody waits for a place, the youngest is given up after half
 * a second for a new attempt, and the others go on. One that is alone gets twice as long each time.
 */
export class Connecting {
  /** When each began, in this order. */
  readonly #began = new Map<Connection, number>();
  readonly #givenUp = new WeakSet<object>();
  #attempts = 0;
  #waitedFor = false;
  #isFull = (): boolean => false;
  #timer: Timer | undefined;

  /** Notes that a connection is being made. */
  begin(client: Connection): void {
    this.#began.set(client, clock.now());
    if (!this.#waitedFor) client.unref?.();
    this.#watch();
  }

  /** Notes that it is made. */
  made(client: Connection): void {
    const began = this.#began.get(client);
    if (began === undefined) return;
    this.#began.delete(client);
    client.ref?.();
    this.#attempts = 0;
    const now = clock.now();
    const patienceMs = Math.max(PATIENCE_MS, PATIENCE * (now - began));
    for (const [other, since] of this.#began) {
      if (since < began && now - since > patienceMs) this.#giveUp(other);
    }
    this.#watch();
  }

  /** Notes that it has ended. */
  ended(client: Connection): void {
    this.#began.delete(client);
    this.#watch();
  }

  /** Whether a client, or the error that it failed with, is one that made room. Whoever waits for it tries again. */
  madeRoom(it: object | undefined): boolean {
    return it !== undefined && this.#givenUp.has(it);
  }

  /** Says whether anybody waits for a connection: what is made for nobody keeps no process alive. */
  setWaitedFor(waitedFor: boolean): void {
    if (waitedFor === this.#waitedFor) return;
    this.#waitedFor = waitedFor;
    for (const client of this.#began.keys()) {
      if (waitedFor) client.ref?.();
      else client.unref?.();
    }
  }

  /** Sees to it that attempts make room for others for as long as there is none. */
  makeRoomWhile(isFull: () => boolean): void {
    this.#isFull = isFull;
    this.#watch();
  }

  #watch(): void {
    clock.clearTimeout(this.#timer);
    if (this.#began.size === 0 || !this.#isFull()) return;
    const waitMs = Math.max(0, this.#nextDue() - clock.now());
    // The deadlines of those who wait keep the process alive, and not this.
    this.#timer = clock.setTimeout(() => this.#look(), waitMs, { holdsProcess: false });
  }

  #look(): void {
    const youngest = [...this.#began.keys()].at(-1);
    if (youngest !== undefined && this.#isFull() && clock.now() >= this.#nextDue()) {
      this.#attempts += 1;
      this.#giveUp(youngest);
    }
    this.#watch();
  }

  #nextDue(): number {
    const began = [...this.#began.values()];
    return (began.at(-1) ?? 0) + PATIENCE_MS * (began.length > 1 ? 1 : 2 ** this.#attempts);
  }

  #giveUp(client: Connection): void {
    const why = new Error('made room for another attempt to connect');
    this.#began.delete(client);
    this.#givenUp.add(why).add(client);
    client.connection?.stream?.destroy(why);
  }
}
