import type { TransactionEvent } from '../../src/history/transaction-event.ts';
import { randomNumbers } from '../../src/support/random.ts';
import { Interleaved, type Steps } from './interleaved.ts';

export type Values = Readonly<Record<string, string | undefined>>;

/** What a transaction saw and leaves. */
export interface Transaction {
  readonly reads: Values;
  readonly writes: Values;
}

/** A store of several keys that does each transaction at one moment; who plants a bug overrides one of its methods. */
export class SimulatedStore {
  /** How often a planted bug did something. */
  bugs = 0;
  readonly there = new Map<string, string | undefined>();
  readonly random: () => number;
  readonly others: Interleaved;

  constructor(random: () => number, others: Interleaved) {
    this.random = random;
    this.others = others;
  }

  read(key: string): string | undefined {
    return this.there.get(key);
  }

  /** Does a transaction if what it saw is still there; says whether it did. */
  *commit(transaction: Transaction): Steps<boolean> {
    yield;
    return this.apply(transaction);
  }

  /** What is done for a caller who gives up before anything was. */
  *giveUp(_transaction: Transaction): Steps {
    yield;
  }

  apply({ reads, writes }: Transaction): boolean {
    if (!this.holds(reads)) return false;
    this.leave(writes);
    return true;
  }

  holds(reads: Values): boolean {
    return Object.entries(reads).every(([key, value]) => this.there.get(key) === value);
  }

  leave(writes: Values): void {
    for (const [key, value] of Object.entries(writes)) this.there.set(key, value);
  }

  /** Whether to do wrong this time. */
  goesWrong(share: number): boolean {
    return this.random() < share;
  }
}

export interface TransactionSimulation {
  readonly seed: number;
  readonly workers: number;
  /** How many transactions each of them makes. */
  readonly transactions: number;
  readonly store?: typeof SimulatedStore;
}

const KEYS = ['a', 'b', 'c', 'd'];

/** What workers saw of a simulated store, some of whom give up and some of whose replies are lost; and how often a bug did something. */
export function simulateTransactions({
  seed,
  workers,
  transactions,
  store: Store = SimulatedStore,
}: TransactionSimulation): {
  readonly events: readonly TransactionEvent[];
  readonly bugs: number;
} {
  const random = randomNumbers(seed);
  const others = new Interleaved(random);
  const store = new Store(random, others);
  const events: TransactionEvent[] = [];
  const some = (most: number): string[] => {
    const count = 1 + Math.floor(random() * most);
    return [...new Set(Array.from({ length: count }, () => KEYS[Math.floor(random() * KEYS.length)] as string))];
  };

  function* later(given: Transaction): Steps {
    yield* others.wait(40);
    store.apply(given);
  }

  function* outcomeOf(given: Transaction): Steps<TransactionEvent['outcome']> {
    const drawn = random();
    if (drawn < 0.05) {
      yield* store.giveUp(given);
      return 'not-applied';
    }
    if (drawn < 0.1) others.begin(later(given));
    else {
      const isDone = yield* store.commit(given);
      // The reply is lost.
      if (drawn >= 0.15) return isDone ? 'committed' : 'not-applied';
    }
    return 'unknown';
  }

  function* transaction(name: string): Steps {
    const start = others.tick();
    const reads: Record<string, string | undefined> = {};
    for (const key of some(3)) {
      reads[key] = store.read(key);
      yield* others.wait(2);
    }
    const written = random() < 0.3 ? [] : Object.keys(reads).slice(0, 1 + Math.floor(random() * 2));
    const blind = random() < 0.1 ? some(1) : [];
    const writes = Object.fromEntries(
      [...written, ...blind].map((key) => [key, random() < 0.15 ? undefined : name] as const),
    );
    const outcome = yield* outcomeOf({ reads, writes });
    yield* others.wait(2);
    events.push({ name, reads, writes, start, end: others.tick(), outcome });
  }

  function* work(worker: number): Steps {
    for (let made = 0; made < transactions; made += 1) {
      yield* transaction(`${worker}.${made}`);
      yield* others.wait(2);
    }
  }

  for (let worker = 0; worker < workers; worker += 1) others.begin(work(worker));
  others.run();
  return { events, bugs: store.bugs };
}
