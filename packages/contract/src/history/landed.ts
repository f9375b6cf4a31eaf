import type { TransactionEvent } from './transaction-event.ts';

/** What is known of which transactions were done. */
export interface Landed {
  /** Those that were done: acknowledged, or seen by one of these. The latter may have been done long after they ended. */
  readonly certain: readonly TransactionEvent[];
  /** Those of unknown outcome that nobody has seen. */
  readonly perhaps: readonly TransactionEvent[];
  /** The transaction that wrote a value at a key, done or not. */
  writerOf(key: string, value: string): TransactionEvent | undefined;
}

/** Finds out which transactions were done. */
export function landedOf(events: readonly TransactionEvent[]): Landed {
  const writers = new Map<string, TransactionEvent>();
  for (const event of events) {
    for (const [key, value] of Object.entries(event.writes)) {
      if (value !== undefined) writers.set(nameOf(key, value), event);
    }
  }
  const writerOf = (key: string, value: string): TransactionEvent | undefined => writers.get(nameOf(key, value));
  const done = new Set(events.filter(({ outcome }) => outcome === 'committed'));
  // A set is gone through with what is added meanwhile.
  for (const { reads } of done) {
    for (const [key, value] of Object.entries(reads)) {
      const writer = value === undefined ? undefined : writerOf(key, value);
      if (writer?.outcome === 'unknown') done.add(writer);
    }
  }
  return {
    certain: [...done],
    perhaps: events.filter((event) => event.outcome === 'unknown' && !done.has(event)),
    writerOf,
  };
}

/** When a transaction had been done for certain. */
export function lastMoment({ outcome, end }: TransactionEvent): number {
  return outcome === 'unknown' ? Infinity : end;
}

function nameOf(key: string, value: string): string {
  return `${key}\n${value}`;
}
