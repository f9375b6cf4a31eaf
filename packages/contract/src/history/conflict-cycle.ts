import { lastMoment, type Landed } from './landed.ts';
import type { TransactionEvent } from './transaction-event.ts';

/** That one transaction has to have come before another, and why. */
export interface Precedence {
  readonly before: TransactionEvent;
  readonly after: TransactionEvent;
  readonly why: () => string;
}

/** What each transaction comes before, for what it read or wrote. */
type Conflicts = ReadonlyMap<TransactionEvent, readonly Precedence[]>;

/**
 * A circle of transactions of which each has to have come before the next, as short as there is one; `undefined` if there
 * is none in what is certain. One comes before another that saw what it left, or replaced what it saw, or began when it
 * had ended.
 */
export function conflictCycle(landed: Landed): readonly Precedence[] | undefined {
  const certain = landed.certain.toSorted((a, b) => a.start - b.start);
  const conflicts = conflictsOf(landed);
  let shortest: readonly Precedence[] | undefined;
  for (const start of certain) {
    shortest = cycleThrough(start, certain, conflicts, (shortest?.length ?? Infinity) - 1) ?? shortest;
  }
  return shortest;
}

function conflictsOf({ certain, perhaps, writerOf }: Landed): Conflicts {
  const conflicts = new Map(certain.map((event) => [event, [] as Precedence[]]));
  const add = (before: TransactionEvent, after: TransactionEvent, why: () => string): void => {
    if (before !== after) conflicts.get(before)?.push({ before, after, why });
  };
  const deletes = ({ writes }: TransactionEvent, key: string): boolean =>
    Object.hasOwn(writes, key) && writes[key] === undefined;
  const writersOf = Map.groupBy(
    certain.flatMap((event) => Object.keys(event.writes).map((key) => ({ key, event }))),
    ({ key }) => key,
  );
  for (const reader of certain) {
    for (const [key, saw] of Object.entries(reader.reads)) {
      const writer = saw === undefined ? undefined : writerOf(key, saw);
      if (writer !== undefined) add(writer, reader, () => `${writer.name} wrote ${key}, which ${reader.name} read`);
      // Where nobody deletes, that nothing was there was before everything else.
      const nothing = saw === undefined && ![...certain, ...perhaps].some((event) => deletes(event, key));
      for (const { event: other } of writersOf.get(key) ?? []) {
        if (nothing) add(reader, other, () => `${reader.name} found nothing at ${key}, where ${other.name} wrote`);
        else if (saw !== undefined && other.reads[key] === saw) {
          add(reader, other, () => `${reader.name} read ${key} as ${saw}, which ${other.name} replaced`);
        }
      }
    }
  }
  return conflicts;
}

/** The shortest circle through one transaction, looked for in ever wider rings around it. */
function cycleThrough(
  start: TransactionEvent,
  byStart: readonly TransactionEvent[],
  conflicts: Conflicts,
  most: number,
): readonly Precedence[] | undefined {
  const reachedBy = new Map<TransactionEvent, Precedence>();
  // From here on all have been reached that began later.
  let laterFrom = byStart.length;
  let ring = [start];
  for (let length = 1; length <= most && ring.length > 0; length += 1) {
    const next: TransactionEvent[] = [];
    for (const before of ring) {
      const ended = lastMoment(before);
      const first = byStart.findIndex((after) => after.start > ended);
      const later = first === -1 ? [] : byStart.slice(first, laterFrom);
      if (first !== -1) laterFrom = Math.min(laterFrom, first);
      const inTime = later.map((after): Precedence => ({ before, after, why: () => whyInTime(before, after) }));
      for (const step of [...(conflicts.get(before) ?? []), ...inTime]) {
        if (step.after === start) return pathTo(step, start, reachedBy);
        if (reachedBy.has(step.after)) continue;
        reachedBy.set(step.after, step);
        next.push(step.after);
      }
    }
    ring = next;
  }
  return undefined;
}

function whyInTime({ name, end }: TransactionEvent, after: TransactionEvent): string {
  return `${name} had ended, at ${end}, when ${after.name} began, at ${after.start}`;
}

function pathTo(
  last: Precedence,
  start: TransactionEvent,
  reachedBy: ReadonlyMap<TransactionEvent, Precedence>,
): readonly Precedence[] {
  const path = [last];
  for (let first = last; first.before !== start; path.unshift(first)) {
    first = reachedBy.get(first.before) as Precedence;
  }
  return path;
}
