import type { Steps } from './interleaved.ts';
import { SimulatedRegister, type Answer, type Write } from './simulated-register.ts';

/** A store that does something wrong now and then. */
export interface RegisterBug {
  readonly name: string;
  readonly register: typeof SimulatedRegister;
  /**
   * Of the histories of a hundred calls in which it did so, the share that is refused at least. In the others nobody has
   * seen it: a write of unknown outcome explains it, or it was over before anybody looked.
   */
  readonly share: number;
}

/** Looks whether the expectation holds, and writes later. */
class LosesUpdates extends SimulatedRegister {
  override *write(write: Write): Steps<Answer> {
    if (write.expects === 'any' || !this.holds(write)) return this.apply(write);
    const before = this.value;
    yield* this.others.wait(3);
    if (this.value !== before) this.bugs += 1;
    return this.apply({ ...write, expects: 'any' });
  }
}

/** Reads from a copy that lags behind. */
class ReadsStale extends SimulatedRegister {
  #before: string | undefined;

  override apply(write: Write): Answer {
    const before = this.value;
    const answer = super.apply(write);
    if (answer.outcome === 'done') this.#before = before;
    return answer;
  }

  override read(): string | undefined {
    if (!this.goesWrong(0.05) || this.#before === this.value) return this.value;
    this.bugs += 1;
    return this.#before;
  }
}

/** Sends a write again that was done, without its expectation. */
class AppliesTwice extends SimulatedRegister {
  override answer(write: Write): Answer {
    const answer = this.apply(write);
    if (answer.outcome === 'done' && this.goesWrong(0.1)) this.others.begin(this.#again(write));
    return answer;
  }

  *#again(write: Write): Steps {
    yield* this.others.wait(10);
    if (this.value !== write.leaves) this.bugs += 1;
    this.value = write.leaves;
  }
}

/** Has a deleted entry come back, as a backup does that knows nothing of the delete. */
class Resurrects extends SimulatedRegister {
  override answer(write: Write): Answer {
    const before = this.value;
    const answer = this.apply(write);
    const isDelete = answer.outcome === 'done' && write.leaves === undefined && before !== undefined;
    if (isDelete && this.goesWrong(0.2)) this.others.begin(this.#restore(before));
    return answer;
  }

  *#restore(value: string): Steps {
    yield* this.others.wait(5);
    if (this.value !== undefined) return;
    this.bugs += 1;
    this.value = value;
  }
}

/** Says that a write was not applied that is under way, and lands. */
class LandsAfterAll extends SimulatedRegister {
  override *giveUp(write: Write): Steps {
    yield* this.others.wait(3);
    if (this.apply(write).outcome === 'done') this.bugs += 1;
  }
}

/** Makes a call again whose reply was lost, and takes its own write for somebody else's. */
class RefusesItsOwn extends SimulatedRegister {
  override answer(write: Write): Answer {
    const answer = this.apply(write);
    if (write.expects === 'any' || answer.outcome !== 'done' || !this.goesWrong(0.05)) return answer;
    this.bugs += 1;
    return { outcome: 'refused' };
  }
}

/** Acknowledges a write before it is kept, and loses it. */
class LosesWhatItAcknowledged extends SimulatedRegister {
  override answer(write: Write): Answer {
    const before = this.value;
    const answer = this.apply(write);
    if (answer.outcome !== 'done' || before === this.value || !this.goesWrong(0.05)) return answer;
    this.bugs += 1;
    this.value = before;
    return answer;
  }
}

/** Shows what is not done yet, and may be taken back. */
class ReadsUncommitted extends SimulatedRegister {
  override *giveUp(write: Write): Steps {
    const before = this.value;
    if (this.apply(write).outcome !== 'done') return;
    this.bugs += 1;
    yield* this.others.wait(3);
    this.value = before;
  }
}

/** Creates where there is an entry already. */
class CreatesTwice extends SimulatedRegister {
  override apply(write: Write): Answer {
    if (write.expects !== 'absent' || this.value === undefined || !this.goesWrong(0.3)) return super.apply(write);
    this.bugs += 1;
    return super.apply({ ...write, expects: 'any' });
  }
}

/** Deletes whatever is there. */
class DeletesAnything extends SimulatedRegister {
  override apply(write: Write): Answer {
    if (write.leaves !== undefined || this.holds(write)) return super.apply(write);
    this.bugs += 1;
    return super.apply({ ...write, expects: 'any' });
  }
}

/** Refuses what it should do. */
class RefusesAnything extends SimulatedRegister {
  override answer(write: Write): Answer {
    if (write.expects === 'any' || !this.holds(write) || !this.goesWrong(0.1)) return this.apply(write);
    this.bugs += 1;
    return { outcome: 'refused' };
  }
}

/** Says of a delete the opposite of what was there. */
class MiscountsDeletes extends SimulatedRegister {
  override answer(write: Write): Answer {
    const answer = this.apply(write);
    if (answer.deleted === undefined || !this.goesWrong(0.1)) return answer;
    this.bugs += 1;
    return { ...answer, deleted: !answer.deleted };
  }
}

/** Leaves an entry out of a list while it is replaced. */
class OverlooksNames extends SimulatedRegister {
  override look(): boolean {
    if (this.value === undefined || !this.goesWrong(0.3)) return this.value !== undefined;
    this.bugs += 1;
    return false;
  }
}

export const BUGS: readonly RegisterBug[] = [
  { name: 'loses updates', register: LosesUpdates, share: 0.95 },
  { name: 'reads stale', register: ReadsStale, share: 0.45 },
  { name: 'applies twice', register: AppliesTwice, share: 0.7 },
  { name: 'has deleted entries come back', register: Resurrects, share: 0.65 },
  { name: 'says that a write was not applied, which lands', register: LandsAfterAll, share: 0.7 },
  { name: 'refuses a write that it has done', register: RefusesItsOwn, share: 0.7 },
  { name: 'loses what it acknowledged', register: LosesWhatItAcknowledged, share: 0.6 },
  { name: 'shows what is taken back', register: ReadsUncommitted, share: 0.45 },
  { name: 'creates twice', register: CreatesTwice, share: 0.75 },
  { name: 'deletes whatever is there', register: DeletesAnything, share: 0.9 },
  { name: 'refuses what it should do', register: RefusesAnything, share: 0.15 },
  { name: 'says the wrong thing of deletes', register: MiscountsDeletes, share: 0.7 },
  { name: 'leaves entries out of lists', register: OverlooksNames, share: 0.65 },
];
