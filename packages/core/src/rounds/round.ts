import type { Snapshot } from '../entries/entry.ts';
import type { Patience } from '../filesystem/operation-context.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import { clock, type Timer } from '../timing/clock.ts';
import type { Decision } from '../cas/decide.ts';
import { Sequence } from './sequence.ts';
import type { Rounds } from './rounds.ts';
import { Seat } from './seat.ts';

/**
 * How long an update waits at most for a round that is under way, in milliseconds: for its read, to take part in it, or
 * else for its write, to take part in the next one. What takes longer may hang, and is waited for no more.
 */
export const ROUND_WAIT_MS = 500;

/**
 * One read and one write of a path, for all updates of it that came while the round read. Whoever comes later waits for
 * the next, and nobody for long. It is no lock: whoever is told to go on alone, may.
 */
export class Round {
  readonly #rounds: Rounds;
  readonly path: VirtualPath;
  /** Whether it reads, decides for its leader alone, or anything after that. */
  #phase: 'reading' | 'alone' | 'closed' = 'reading';
  /** Who decides after the leader. */
  #followers: Seat[] | undefined;
  /** Who came too late. */
  #next: Seat[] | undefined;
  #sequence: Sequence | undefined;
  #timer: Timer | undefined;

  constructor(rounds: Rounds, path: VirtualPath, followers?: Seat[]) {
    this.#rounds = rounds;
    this.path = path;
    this.#followers = followers;
    if (followers !== undefined) this.#boundWaiting();
  }

  /** A seat in this round or the next; none where that would be to wait for one caller's `apply`. */
  join(patience: Patience): Seat | undefined {
    if (this.#phase === 'alone') return undefined;
    const isReading = this.#phase === 'reading';
    const seat = new Seat(this, patience, !isReading);
    if (isReading) (this.#followers ??= []).push(seat);
    else (this.#next ??= []).push(seat);
    this.#boundWaiting();
    return seat;
  }

  /** Says what the leader has read; it gets a seat where it does not decide alone. */
  opened(base: Snapshot | undefined, patience: Patience, isLive: boolean): Seat | undefined {
    if (this.#followers === undefined) {
      this.#phase = 'alone';
      return undefined;
    }
    this.#phase = 'closed';
    const seat = new Seat(this, patience, isLive);
    const { filesystem } = this.#rounds;
    this.#sequence = new Sequence({ filesystem, path: this.path, base }, [seat, ...this.#takeFollowers()], (again) =>
      this.#end(again),
    );
    return seat;
  }

  /** Says that the leader, who decides alone, writes now. */
  writes(): void {
    this.#phase = 'closed';
  }

  /** Says that the leader has done what it had to do, or failed; those who decide after it go on by themselves. */
  leave(patience?: Patience): void {
    if (this.#sequence !== undefined) return;
    // Nobody came, as is most often so.
    if (this.#timer === undefined) return this.#rounds.close(this);
    const followers = this.#takeFollowers();
    // It gave up, or failed with what they may well see too.
    if (patience === undefined || patience.exhausted() !== undefined) return this.#end(followers);
    tellAlone(followers);
    this.#end();
  }

  /** Says what somebody has decided whose turn it is; answers whether that waits for the write of the round. */
  decided(seat: Seat, decision: Decision | undefined): boolean {
    // Only the sequence gives anybody a turn.
    return (this.#sequence as Sequence).decided(seat, decision);
  }

  /** Says that somebody does not listen any more. */
  leftBy(seat: Seat): void {
    this.#sequence?.leftBy(seat);
  }

  #boundWaiting(): void {
    this.#timer ??= clock.setTimeout(() => this.#isOverdue(), ROUND_WAIT_MS);
  }

  #isOverdue(): void {
    tellAlone(this.#takeFollowers());
    this.#formNext();
  }

  #end(again?: readonly Seat[]): void {
    clock.clearTimeout(this.#timer);
    this.#formNext(again);
  }

  #formNext(again: readonly Seat[] = []): void {
    this.#rounds.close(this);
    const next = this.#next ?? [];
    this.#next = undefined;
    this.#rounds.form(this.path, [...again, ...next]);
  }

  #takeFollowers(): readonly Seat[] {
    const followers = this.#followers;
    this.#followers = undefined;
    return followers ?? [];
  }
}

function tellAlone(seats: readonly Seat[]): void {
  for (const seat of seats) seat.tell({ what: 'alone' });
}
