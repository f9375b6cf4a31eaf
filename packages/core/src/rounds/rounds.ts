import type { Patience } from '../filesystem/operation-context.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import { Round } from './round.ts';
import type { Seat } from './seat.ts';

/** The rounds of updates that are under way through one filesystem, at most one for each path that others may join. */
export class Rounds {
  static readonly #all = new WeakMap<object, Rounds>();
  readonly filesystem: RootFilesystem;
  /** One of them, mostly the only one, which costs no map, and the others; of one path the later one is joined. */
  #one: Round | undefined;
  readonly #others = new Map<VirtualPath, Round>();

  private constructor(filesystem: RootFilesystem) {
    this.filesystem = filesystem;
  }

  static of(filesystem: RootFilesystem): Rounds {
    let rounds = Rounds.#all.get(filesystem);
    if (rounds === undefined) {
      rounds = new Rounds(filesystem);
      Rounds.#all.set(filesystem, rounds);
    }
    return rounds;
  }

  /** A seat in the round that is under way; a round of its own, to lead, where there is none to wait for. */
  enter(path: VirtualPath, patience: Patience): Round | Seat {
    const seat = this.#at(path)?.join(patience);
    if (seat !== undefined) return seat;
    const round = new Round(this, path);
    this.#open(round);
    return round;
  }

  /** Begins a round of those who have waited, which the first of them leads. All of them are there before it reads. */
  form(path: VirtualPath, waiting: readonly Seat[]): void {
    const [first, ...others] = waiting.filter(({ hasLeft }) => !hasLeft);
    if (first === undefined) return;
    const round = new Round(this, path, others.length === 0 ? undefined : others);
    this.#open(round);
    for (const seat of [first, ...others]) {
      seat.round = round;
      seat.isLive = true;
    }
    first.leads = round;
    first.tell({ what: 'lead', round });
  }

  /** Lets nobody join a round any more. */
  close(round: Round): void {
    if (this.#one === round) this.#one = undefined;
    else if (this.#others.get(round.path) === round) this.#others.delete(round.path);
  }

  #at(path: VirtualPath): Round | undefined {
    return this.#one?.path === path ? this.#one : this.#others.get(path);
  }

  #open(round: Round): void {
    if (this.#one === undefined || this.#one.path === round.path) this.#one = round;
    else this.#others.set(round.path, round);
  }
}
