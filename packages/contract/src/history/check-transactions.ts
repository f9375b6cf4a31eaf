import { ContractViolation } from '../support/check.ts';
import { conflictCycle } from './conflict-cycle.ts';
import { landedOf } from './landed.ts';
import { SerialSearch } from './serial-search.ts';
import type { TransactionEvent } from './transaction-event.ts';

/**
 * Checks that a history of transactions is strictly serializable: that they could have been done one after the other,
 * each at one moment between its beginning and its end, and each would have seen what it saw. One of unknown outcome may
 * have been done at any moment since it began, or never; one that was not applied must have left nothing. There is
 * nothing at any key in the beginning.
 *
 * @throws ContractViolation with the transactions of which each would have to come before the next, and why; or, where
 * that says too little, with those that have no order, as few as were found
 */
export function checkTransactions(events: readonly TransactionEvent[]): void {
  const phantom = phantomIn(events);
  if (phantom !== undefined) throw new ContractViolation(`expected ${phantom}`);
  if (isSerializable(events)) return;
  const cycle = conflictCycle(landedOf(events));
  if (cycle !== undefined) {
    throw new ContractViolation(
      [
        'expected transactions that could have been done one after the other; each of these has to come before the next:',
        ...cycle.map(({ why }) => why()),
      ].join('\n  '),
    );
  }
  throw new ContractViolation(
    [
      'expected transactions that could have been done one after the other; these could not in any order:',
      ...withoutWhatDoesNotMatter(shortestBeginning(events)).map(describe),
    ].join('\n  '),
  );
}

/** Whether such an order exists. */
export function isSerializable(events: readonly TransactionEvent[]): boolean {
  return phantomIn(events) === undefined && new SerialSearch(landedOf(events)).succeeds();
}

/** What a transaction that was done saw that was never there; `undefined` if all that was seen was. */
function phantomIn(events: readonly TransactionEvent[]): string | undefined {
  const { certain, writerOf } = landedOf(events);
  for (const { name, reads } of certain) {
    for (const [key, saw] of Object.entries(reads)) {
      if (saw === undefined) continue;
      const writer = writerOf(key, saw);
      if (writer === undefined) return `${name} to see what somebody wrote; it read ${key} as ${saw}, which nobody did`;
      if (writer.outcome === 'not-applied') {
        return `nobody to see a transaction that said it was not applied; ${name} read ${key} as ${writer.name} wrote it`;
      }
    }
  }
  return undefined;
}

/** Those up to the first that cannot be explained; what was still under way then may have been done or not. */
function shortestBeginning(events: readonly TransactionEvent[]): readonly TransactionEvent[] {
  const ends = events.map(({ end }) => end).toSorted((a, b) => a - b);
  const beginningAt = (index: number): readonly TransactionEvent[] => {
    const last = ends[index] as number;
    return events
      .filter(({ start }) => start <= last)
      .map((event) => (event.end <= last ? event : { ...event, outcome: 'unknown', end: Infinity }));
  };
  let [explained, first] = [-1, ends.length - 1];
  while (first - explained > 1) {
    const middle = Math.floor((explained + first) / 2);
    if (isSerializable(beginningAt(middle))) explained = middle;
    else first = middle;
  }
  return beginningAt(first);
}

/**
 * Leaves out every transaction without which the others cannot be explained either, but for those that may explain one of
 * them.
 */
function withoutWhatDoesNotMatter(events: readonly TransactionEvent[]): readonly TransactionEvent[] {
  let left = [...events];
  // Once more for those that somebody saw who has been left out since.
  for (const event of [...events, ...events]) {
    const without = left.filter((other) => other !== event);
    if (phantomIn(without) === undefined && !emptied(event, without) && !isSerializable(without)) left = without;
  }
  return left.toSorted((a, b) => a.start - b.start);
}

/** Whether one deletes where others have found nothing. */
function emptied({ writes }: TransactionEvent, others: readonly TransactionEvent[]): boolean {
  const deleted = Object.keys(writes).filter((key) => writes[key] === undefined);
  return deleted.some((key) => others.some(({ reads }) => Object.hasOwn(reads, key) && reads[key] === undefined));
}

function describe({ name, reads, writes, start, end, outcome }: TransactionEvent): string {
  const saw = Object.entries(reads).map(([key, value]) => `${key} as ${value ?? 'nothing'}`);
  const wrote = Object.entries(writes).map(([key, value]) => (value === undefined ? `no ${key}` : `${key} ${value}`));
  const told = [
    ...(saw.length === 0 ? [] : [`read ${saw.join(', ')}`]),
    ...(wrote.length === 0 ? [] : [`left ${wrote.join(', ')}`]),
  ];
  return `${start}–${end === Infinity ? '…' : end} ${name} ${told.join(' and ')}: ${outcome}`;
}
