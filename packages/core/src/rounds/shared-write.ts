import type { Snapshot } from '../entries/entry.ts';
import { Patience } from '../filesystem/operation-context.ts';
import { begin } from '../operations/begin.ts';
import { putWithin } from '../operations/put/put.ts';
import type { Version } from '../versions/version.ts';
import type { SequenceStart } from './sequence.ts';
import type { Seat, Told } from './seat.ts';

/** The write that carries what several updates have decided on. It ends early only when all of them have given up. */
export class SharedWrite {
  readonly #waiting: Set<Seat>;
  readonly #over = new AbortController();

  constructor(waiting: readonly Seat[]) {
    this.#waiting = new Set(waiting.filter(({ hasLeft }) => !hasLeft));
  }

  /** Sends it, and tells everybody what became of it. Never rejects. */
  async send({ filesystem, path, base }: SequenceStart, last: Snapshot): Promise<void> {
    const seats = [...this.#waiting];
    const timeoutMs = Math.max(...seats.map(({ patience }) => patience.remainingMs()));
    const named = { name: 'casUpdate', path, changes: true } as const;
    using patience = new Patience(named, { signal: this.#over.signal, timeoutMs }, seats[0]?.patience.whole);
    const { body, contentType, kind, indexed } = last;
    const entry = { body, contentType, kind, indexed };
    // Nobody writes on what has no version.
    const expectation = base === undefined ? 'absent' : { version: base.version as Version };
    let told: Told;
    try {
      const answer = await begin(filesystem, putWithin(patience, path, entry, expectation));
      told = { what: 'landed', last, answer };
    } catch (thrown) {
      told = { what: 'failed', thrown };
    }
    for (const seat of this.#waiting) seat.tell(told);
  }

  leftBy(seat: Seat): void {
    if (this.#waiting.delete(seat) && this.#waiting.size === 0) this.#over.abort();
  }
}
