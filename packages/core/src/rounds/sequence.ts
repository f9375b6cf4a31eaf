import type { Snapshot } from '../entries/entry.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import { clock, type Timer } from '../timing/clock.ts';
import { eventLoopShare } from '../timing/event-loop-share.ts';
import { mintVersion } from '../versions/version.ts';
import type { Decision } from '../cas/decide.ts';
import { SharedWrite } from './shared-write.ts';
import type { Seat } from './seat.ts';

/**
 * How long an update that is combined with others has to decide, in milliseconds; up to twice as long, since it is looked
 * for so often. Enough for a codec that uses the thread pool.
 */
export const DECIDING_MS = 2;

/** How often is looked whether somebody is late before everybody has to decide within a turn of the event loop: 20 ms. */
const MOST_LOOKS = 10;

/** What a sequence begins with. */
export interface SequenceStart {
  readonly filesystem: RootFilesystem;
  readonly path: VirtualPath;
  readonly base: Snapshot | undefined;
}

/**
 * Updates that decide one after the other, each on what those before have left, until all have; then one write carries
 * all that they decided on, if what was read is still there.
 *
 * Whoever has no effect is passed over. A decision that changes nothing is believed only of a state that was stored: with
 * changes of others in it, once they are written. Nobody is waited for who does not decide in time.
 */
export class Sequence {
  readonly #start: SequenceStart;
  readonly #end: (again: readonly Seat[]) => void;
  /** Who has yet to decide, the next one last. */
  readonly #rest: Seat[];
  #current: Seat | undefined;
  #state: Snapshot | undefined;
  /** Who writes, and who believes what it saw when that is written. */
  readonly #writers: Seat[] = [];
  readonly #waiting: Seat[] = [];
  /** Who goes on in the next round. */
  #again: readonly Seat[] = [];
  /** Who does alone what ends the sequence. */
  #holder: Seat | undefined;
  #write: SharedWrite | undefined;
  #isDecided = false;
  #timer: Timer | undefined;
  #looks = 0;
  #isHurried = false;

  /** @param end told when it is over, and who goes on in the next round */
  constructor(start: SequenceStart, seats: readonly Seat[], end: (again: readonly Seat[]) => void) {
    this.#start = start;
    this.#end = end;
    this.#rest = seats.toReversed();
    this.#state = start.base;
    this.#goOn();
    this.#watch();
  }

  /**
   * Says what somebody has decided whose turn it was, `undefined` for what cannot be written together with others. Answers
   * whether it waits for the write. If not, or the sequence has gone on without it, it goes on alone.
   */
  decided(seat: Seat, decision: Decision | undefined): boolean {
    if (this.#current !== seat) return false;
    this.#current = undefined;
    const waits = decision !== undefined && this.#take(seat, decision);
    if (this.#holder === undefined) this.#goOn();
    return waits;
  }

  /** Says that somebody does not listen any more. */
  leftBy(seat: Seat): void {
    if (this.#holder === seat) return this.#end([...this.#waiting, ...this.#again]);
    this.#write?.leftBy(seat);
    if (this.#current !== seat) return;
    this.#current = undefined;
    this.#goOn();
  }

  #take(seat: Seat, decision: Decision): boolean {
    const isBase = this.#writers.length === 0;
    switch (decision.decision) {
      case 'write':
        this.#state = { ...decision.entry, path: this.#start.path, version: mintVersion() };
        seat.left = this.#state;
        this.#writers.push(seat);
        this.#waiting.push(seat);
        return true;
      case 'delete':
        // A write may be permitted where a delete is not, and the other way round: neither carries the other.
        this.#again = [seat, ...this.#rest.splice(0).toReversed()];
        if (isBase) this.#hold(seat);
        return !isBase;
      case 'unchanged':
      case 'failed':
        if (isBase && seat.isLive) return false;
        this.#waiting.push(seat);
        return true;
    }
  }

  /** Gives the turn to the next, when the event loop has had its share. */
  #goOn(): void {
    const seat = this.#rest.pop();
    if (seat === undefined) return this.#finish();
    const turn = eventLoopShare.due({ reads: false });
    if (turn === undefined) this.#giveTurn(seat);
    else void this.#giveLater(seat, turn);
  }

  async #giveLater(seat: Seat, turn: Promise<void>): Promise<void> {
    await turn;
    this.#giveTurn(seat);
  }

  #giveTurn(seat: Seat): void {
    if (seat.hasLeft) return this.#goOn();
    this.#current = seat;
    seat.tell({ what: 'decide', state: this.#state, isBase: this.#writers.length === 0 });
  }

  /** Goes on without whoever does not decide in time, and from then on waits for nobody longer than a turn of the event loop. */
  #watch(): void {
    if (this.#isDecided) return;
    const seen = this.#current;
    const look = (): void => {
      this.#looks += 1;
      const isLate = seen !== undefined && this.#current === seen;
      if (isLate || this.#looks >= MOST_LOOKS) this.#isHurried = true;
      if (isLate) {
        this.#current = undefined;
        this.#goOn();
      }
      this.#watch();
    };
    if (this.#isHurried) clock.setImmediate(look);
    else this.#timer = clock.setTimeout(look, DECIDING_MS);
  }

  #hold(seat: Seat): void {
    this.#holder = seat;
    this.#stopWatching();
  }

  #stopWatching(): void {
    this.#isDecided = true;
    clock.clearTimeout(this.#timer);
  }

  #finish(): void {
    this.#stopWatching();
    if (this.#writers.every(({ hasLeft }) => hasLeft)) return this.#end([...this.#waiting, ...this.#again]);
    this.#write = new SharedWrite(this.#waiting);
    void this.#write.send(this.#start, this.#state as Snapshot).then(() => this.#end(this.#again));
  }
}
