import type { Steps } from './interleaved.ts';
import { SimulatedStore, type Transaction } from './simulated-transactions.ts';

/** A store that does something wrong with transactions now and then. */
export interface TransactionBug {
  readonly name: string;
  readonly store: typeof SimulatedStore;
  /** Of the histories of a hundred transactions in which it did so, the share that is refused at least. */
  readonly share: number;
}

/** Looks only at what a transaction replaces, and not at what else it saw. */
class SkewsWrites extends SimulatedStore {
  override apply({ reads, writes }: Transaction): boolean {
    const replaced = Object.fromEntries(Object.entries(reads).filter(([key]) => Object.hasOwn(writes, key)));
    if (Object.keys(writes).length === 0 || !this.holds(replaced)) return super.apply({ reads, writes });
    if (!this.holds(reads)) this.bugs += 1;
    this.leave(writes);
    return true;
  }
}

/** Does not look whether a transaction still sees what it saw that only reads. */
class SkewsReads extends SimulatedStore {
  override apply({ reads, writes }: Transaction): boolean {
    if (Object.keys(writes).length > 0) return super.apply({ reads, writes });
    if (!this.holds(reads)) this.bugs += 1;
    return true;
  }
}

/** Looks whether all is as it was, and writes later. */
class LosesUpdates extends SimulatedStore {
  override *commit({ reads, writes }: Transaction): Steps<boolean> {
    if (!this.holds(reads)) return false;
    yield* this.others.wait(2);
    if (!this.holds(reads)) this.bugs += 1;
    this.leave(writes);
    return true;
  }
}

/** Writes one key first, and the others later. */
class LandsInParts extends SimulatedStore {
  override *commit({ reads, writes }: Transaction): Steps<boolean> {
    const [first, ...others] = Object.entries(writes);
    if (first === undefined || others.length === 0 || !this.holds(reads)) return this.apply({ reads, writes });
    this.bugs += 1;
    this.leave(Object.fromEntries([first]));
    yield* this.others.wait(4);
    this.leave(Object.fromEntries(others));
    return true;
  }
}

/** Loses a part of what it has done. */
class LosesParts extends SimulatedStore {
  override apply(transaction: Transaction): boolean {
    const before = new Map(this.there);
    const isDone = super.apply(transaction);
    const [key, ...others] = Object.keys(transaction.writes);
    if (!isDone || key === undefined || others.length === 0 || !this.goesWrong(0.3)) return isDone;
    this.bugs += 1;
    this.there.set(key, before.get(key));
    return true;
  }
}

/** Says that a transaction was not applied that is under way, and lands. */
class LandsAfterAll extends SimulatedStore {
  override *giveUp(transaction: Transaction): Steps {
    yield* this.others.wait(2);
    if (this.apply(transaction) && Object.keys(transaction.writes).length > 0) this.bugs += 1;
  }
}

/** Does a transaction again that was done, whatever is there. */
class AppliesTwice extends SimulatedStore {
  override *commit(transaction: Transaction): Steps<boolean> {
    yield;
    const isDone = this.apply(transaction);
    if (isDone && this.goesWrong(0.1)) this.others.begin(this.#again(transaction));
    return isDone;
  }

  *#again({ writes }: Transaction): Steps {
    yield* this.others.wait(10);
    if (!this.holds(writes)) this.bugs += 1;
    this.leave(writes);
  }
}

/** Reads from a copy that lags behind, and takes what it has read for good where nothing is written. */
class ReadsStale extends SimulatedStore {
  #before = new Map<string, string | undefined>();

  override leave(writes: Transaction['writes']): void {
    this.#before = new Map(this.there);
    super.leave(writes);
  }

  override apply({ reads, writes }: Transaction): boolean {
    const isOld = Object.entries(reads).every(([key, value]) => this.#before.get(key) === value);
    if (this.holds(reads) || Object.keys(writes).length > 0 || !isOld) return super.apply({ reads, writes });
    this.bugs += 1;
    return true;
  }

  override read(key: string): string | undefined {
    return this.goesWrong(0.2) ? this.#before.get(key) : this.there.get(key);
  }
}

export const TRANSACTION_BUGS: readonly TransactionBug[] = [
  { name: 'looks only at what is replaced', store: SkewsWrites, share: 0.55 },
  { name: 'does not look after transactions that only read', store: SkewsReads, share: 0.3 },
  { name: 'loses updates', store: LosesUpdates, share: 0.9 },
  { name: 'lets transactions land in parts', store: LandsInParts, share: 0.9 },
  { name: 'loses parts of transactions', store: LosesParts, share: 0.9 },
  { name: 'says that a transaction was not applied, which lands', store: LandsAfterAll, share: 0.85 },
  { name: 'applies twice', store: AppliesTwice, share: 0.8 },
  { name: 'reads stale', store: ReadsStale, share: 0.4 },
];
