import { clock, type Timer } from '@holdfast/core/adapter';

/** How long whoever lost is expected back, in milliseconds: twice the longest backoff of `transact`. */
const EXPECTED_BACK_MS = 100;

/** How long nothing may be under way in a turn, in milliseconds, before it ends: whoever has it is at something else. */
const LONGEST_REST_MS = 50;

/** How long one read or write may take in a turn, in milliseconds, before others get theirs: a slow one, but none that hangs. */
const LONGEST_STEP_MS = 500;

/** Where halving that with each turn that ends so leads to no turn at all: 50, 25, 12.5, none. */
const SHORTEST_REST_MS = 10;

interface Turn {
  readonly places: ReadonlySet<string>;
  /** Ends it when nothing follows what was done last. */
  timer: Timer | undefined;
}

interface Waiting {
  readonly places: ReadonlySet<string>;
  readonly admit: (turn: Turn) => void;
}

/** One who lost with a group, and what became of them since. */
interface Loser {
  readonly places: ReadonlySet<string>;
  /** Until when they are expected back. */
  expectedUntil: number;
  /** Whether there will be a turn, for everything that they read at once. */
  entering: Promise<boolean> | undefined;
  turn: Turn | undefined;
  /** How long nothing may be under way in a turn of theirs. */
  restMs: number;
}

/**
 * Lets those who lost a race with a group of several have turns: whoever comes back has all places of their group to
 * themselves, as far as others who have lost are concerned. A turn begins when it can have all its places, so nobody
 * holds one while they wait for another; those whose places nobody else wants do not wait.
 *
 * A turn is no lock. It keeps only those waiting who have lost as well, for a bounded time, and never a write. It ends with
 * the group that follows, or when nothing is under way in it for 50 ms, half of that the next time, and after three times who does
 * other things in their turns gets no other one: they have cost the others 90 ms, and cost them no more.
 *
 * Who comes back is known by the context of the call, which is the same for all attempts of a `transact`.
 */
export class GroupTurns {
  readonly #losers = new WeakMap<object, Loser>();
  /** In the order in which they come to their turn. */
  readonly #waiting: Waiting[] = [];
  readonly #held = new Set<string>();

  /** Notes that a group lost that a caller sent. */
  lost(caller: object, places: Iterable<string>): void {
    const { restMs = LONGEST_REST_MS } = this.#losers.get(caller) ?? {};
    const expectedUntil = clock.now() + EXPECTED_BACK_MS;
    this.#losers.set(caller, { places: new Set(places), expectedUntil, entering: undefined, turn: undefined, restMs });
  }

  /** Whether a read of this caller is their return after they have lost. */
  expects(caller: object): boolean {
    const loser = this.#losers.get(caller);
    if (loser === undefined || loser.restMs < SHORTEST_REST_MS) return false;
    return loser.entering !== undefined || clock.now() <= loser.expectedUntil;
  }

  /** Waits for the turn of a caller who is expected. `false` when the time was up, or the signal fired, before there was one. */
  enter(caller: object, milliseconds: number, signal: AbortSignal): Promise<boolean> {
    const loser = this.#losers.get(caller) as Loser;
    loser.entering ??= this.#enter(caller, loser, milliseconds, signal);
    return loser.entering;
  }

  async #enter(caller: object, loser: Loser, milliseconds: number, signal: AbortSignal): Promise<boolean> {
    const free = this.#isFree(loser.places, this.#waiting);
    const turn = free ? this.#begin(loser.places) : await this.#wait(loser, milliseconds, signal);
    // A read that nobody waited for may come to its turn when its caller has lost again: nothing would ever end it.
    const isLeftBehind = this.#losers.get(caller) !== loser;
    if (isLeftBehind && turn !== undefined) this.#end(turn);
    loser.turn = isLeftBehind ? undefined : turn;
    // Once: who has come to no turn goes on without.
    loser.entering = undefined;
    loser.expectedUntil = -Infinity;
    return loser.turn !== undefined;
  }

  /** Says that a caller reads or writes. If they have a turn, it lasts until that is done. */
  begins(caller: object): boolean {
    const turn = this.#turnOf(caller);
    if (turn === undefined) return false;
    this.#endAfter(turn, LONGEST_STEP_MS, () => this.hasWritten(caller));
    return true;
  }

  /** Says that a caller has read. */
  hasRead(caller: object): void {
    const loser = this.#losers.get(caller);
    if (loser?.turn !== undefined) this.#endAfter(loser.turn, loser.restMs, () => this.#expire(caller, loser));
  }

  /** Says that what a caller wrote is done, whatever became of it. It ends their turn. */
  hasWritten(caller: object): void {
    const loser = this.#losers.get(caller);
    if (loser?.turn === undefined) return;
    const { turn } = loser;
    loser.turn = undefined;
    this.#end(turn);
  }

  #turnOf(caller: object): Turn | undefined {
    return this.#losers.get(caller)?.turn;
  }

  #expire(caller: object, loser: Loser): void {
    loser.restMs /= 2;
    this.hasWritten(caller);
  }

  #endAfter(turn: Turn, milliseconds: number, end: () => void): void {
    clock.clearTimeout(turn.timer);
    // Nothing here is worth that a process lives on for it.
    turn.timer = clock.setTimeout(end, milliseconds, { holdsProcess: false });
  }

  #begin(places: ReadonlySet<string>): Turn {
    for (const place of places) this.#held.add(place);
    return { places, timer: undefined };
  }

  #end({ places, timer }: Turn): void {
    clock.clearTimeout(timer);
    for (const place of places) this.#held.delete(place);
    this.#admit();
  }

  /** Begins the turns that can, in order; nobody overtakes whoever waits for one of the same places. */
  #admit(): void {
    const before: Waiting[] = [];
    for (const waiting of this.#waiting.splice(0)) {
      if (this.#isFree(waiting.places, before)) waiting.admit(this.#begin(waiting.places));
      else before.push(waiting);
    }
    this.#waiting.push(...before);
  }

  #isFree(places: ReadonlySet<string>, before: readonly Waiting[]): boolean {
    return places.isDisjointFrom(this.#held) && before.every((other) => places.isDisjointFrom(other.places));
  }

  #wait({ places }: Loser, milliseconds: number, signal: AbortSignal): Promise<Turn | undefined> {
    return new Promise((resolve) => {
      const leave = (turn: Turn | undefined): void => {
        clock.clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        resolve(turn);
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        leave(undefined);
        // Others may have waited for nobody but this one.
        this.#admit();
      };
      const waiting: Waiting = { places, admit: leave };
      const timer = clock.setTimeout(giveUp, milliseconds);
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiting);
    });
  }
}
