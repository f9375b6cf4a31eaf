import type { GroupMember } from '../group.ts';
import type { BatchLimits } from './batch-limits.ts';
import type { WaitingGroup } from './waiting-group.ts';

/** Who is at a path. */
interface Place {
  readonly all: Set<WaitingGroup>;
  /** Gives those behind the first. Kept, since whoever looks for the second from the beginning passes all that have left. */
  readonly behind: Iterator<WaitingGroup>;
  /** The one whose turn it is. */
  first: WaitingGroup;
}

/**
 * The groups of one store, those that wait and those under way. At each path they come one after the other, in the order in
 * which they were asked for, and none overtakes another that it has a path in common with; nobody else waits for anybody.
 */
export class WriteLine {
  readonly #places = new Map<string, Place>();
  /** Those that wait and are first at all of their paths. */
  readonly #ready = new Set<WaitingGroup>();
  /** Those that wait behind others. */
  readonly #behind = new Set<WaitingGroup>();
  /** Those that came since it was last listened to those that wait. */
  #arrived: WaitingGroup[] = [];
  readonly #onReady: () => void;

  /** @param onReady told when it is the turn of one that has waited, also of several at once */
  constructor(onReady: () => void) {
    this.#onReady = onReady;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#ready.size + this.#behind.size;
  }

  /** Of how many it is the turn. */
  get ready(): number {
    return this.#ready.size;
  }

  /** Whether there is one whose turn it is. */
  get isReady(): boolean {
    return this.#ready.size > 0;
  }

  /** Puts one at the end. */
  join(waiting: WaitingGroup): void {
    for (const { path } of waiting.group) {
      const place = this.#places.get(path);
      if (place === undefined) this.#places.set(path, placeOf(waiting));
      else {
        place.all.add(waiting);
        waiting.behind += 1;
      }
    }
    (waiting.behind === 0 ? this.#ready : this.#behind).add(waiting);
    this.#arrived.push(waiting);
  }

  /**
   * Takes those whose turn it is, as many as one batch has room for, in the order in which their turn came. Of those who have
   * given up none is taken, and who is left leaves when they give up.
   */
  take({ maxGroups, maxChanges, maxBytes }: BatchLimits): WaitingGroup[] {
    const taken: WaitingGroup[] = [];
    let bytes = 0;
    let changes = 0;
    for (const waiting of this.#ready) {
      if (waiting.isGivenUp) {
        this.#leave(waiting);
        continue;
      }
      bytes += waiting.bytes;
      changes += waiting.group.length;
      const isFull = taken.length === maxGroups || changes > maxChanges || bytes > maxBytes;
      if (isFull && taken.length > 0) break;
      this.#ready.delete(waiting);
      // From now on it may be applied, whoever gives up.
      waiting.heedNobody();
      taken.push(waiting);
    }
    this.listen();
    return taken;
  }

  /** Lets those that wait leave as soon as they give up. */
  listen(): void {
    for (const waiting of this.#arrived) {
      if (this.#ready.has(waiting) || this.#behind.has(waiting)) waiting.onGivenUp(() => this.#leave(waiting));
    }
    this.#arrived = [];
  }

  /**
   * Says that one that was taken has been answered. Single writes behind it that have lost to it are answered as well, without
   * being sent.
   *
   * @param changed how many rows each of its members changed; left out when it has not landed
   */
  done(taken: WaitingGroup, changed?: readonly number[]): void {
    this.#clearPlaces(taken);
    taken.group.forEach((member, index) => {
      if (changed?.[index] === 1) this.#answerLosers(member, taken);
    });
  }

  /** Removes all that wait, and gives them. */
  clear(): WaitingGroup[] {
    const all = [...this.#ready, ...this.#behind];
    for (const waiting of all) this.#remove(waiting);
    return all;
  }

  #leave(waiting: WaitingGroup): void {
    // To look whether somebody has given up may be what tells those who listen.
    if (waiting.isAnswered) return;
    this.#remove(waiting);
    waiting.leave();
  }

  /** Removes one that waits. */
  #remove(waiting: WaitingGroup): void {
    this.#ready.delete(waiting);
    this.#behind.delete(waiting);
    this.#clearPlaces(waiting);
  }

  #clearPlaces(waiting: WaitingGroup): void {
    for (const { path } of waiting.group) {
      const place = this.#places.get(path) as Place;
      place.all.delete(waiting);
      if (place.first !== waiting) continue;
      const next = place.behind.next();
      if (next.done === true) this.#places.delete(path);
      else {
        place.first = next.value;
        this.#comesForward(next.value);
      }
    }
  }

  #comesForward(waiting: WaitingGroup): void {
    waiting.behind -= 1;
    if (waiting.behind > 0) return;
    this.#behind.delete(waiting);
    this.#ready.add(waiting);
    this.#onReady();
  }

  /**
   * Where one has just landed, whoever has waited since before it was sent can expect nothing else than what it left: no
   * version comes back. Who came later may know what somebody else has made of that, since its answer takes its time. Only
   * of a single write is that all there is to say; of others, all that does not hold is to be named.
   */
  #answerLosers(landed: GroupMember, by: WaitingGroup): void {
    if (landed.change === 'check') return;
    const version = landed.row?.version;
    for (;;) {
      const first = this.#places.get(landed.path)?.first;
      const [write, ...others] = first?.group ?? [];
      if (first === undefined || write?.expects === undefined || others.length > 0) return;
      if (!by.wasSentAfter(first)) return;
      if (write.expects.version === version) return;
      this.#remove(first);
      first.answer({ unmet: [0] });
    }
  }
}

function placeOf(waiting: WaitingGroup): Place {
  const all = new Set([waiting]);
  const behind = all.values();
  behind.next();
  return { all, behind, first: waiting };
}
