import type { RegisterEvent, WriteCall } from './register-event.ts';
import { Search } from './search.ts';

/** How many positions are looked at to find out whether a call matters; one of which that does not tell stays. */
const MOST_POSITIONS = 2_000;

/**
 * Of a history without an order, the fewest calls that were found that have none whatever the others did: each of these may
 * have been done or not, on whatever was there, while it was under way or, where it did not say that it was done or refused, at
 * any moment since. So what is wrong is among them. None of them can be left out; that there are no other, fewer ones that are
 * wrong by themselves is not sure.
 */
export function fewestCalls(events: readonly RegisterEvent[]): readonly RegisterEvent[] {
  const beginning = upToFirstBadAnswer(events);
  const orders = [beginning, beginning.toReversed()].map((order) => withoutWhatDoesNotMatter(events, order));
  const fewest = orders.reduce((one, other) => (other.length < one.length ? other : one));
  return fewest.toSorted((a, b) => a.start - b.start);
}

/** The calls that had ended when the first answer came that cannot be explained. */
function upToFirstBadAnswer(events: readonly RegisterEvent[]): readonly RegisterEvent[] {
  const byEnd = events.toSorted((a, b) => a.end - b.end);
  let [explained, bad] = [0, byEnd.length];
  while (bad - explained > 1) {
    const middle = Math.floor((explained + bad) / 2);
    if (searchFor(byEnd.slice(0, middle), events)) explained = middle;
    else bad = middle;
  }
  return byEnd.slice(0, bad);
}

/** Takes calls for ones that may have done anything, many at once and then fewer, for as long as there is no order. */
function withoutWhatDoesNotMatter(
  events: readonly RegisterEvent[],
  all: readonly RegisterEvent[],
): readonly RegisterEvent[] {
  let left = all;
  for (let size = Math.ceil(all.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < left.length;) {
      const without = left.toSpliced(from, size);
      if (searchFor(without, events, MOST_POSITIONS) === false) left = without;
      else from += size;
    }
  }
  return left;
}

/**
 * Searches for an order of some of the calls as they were, whatever those of the others did that may have changed
 * something.
 */
function searchFor(
  kept: readonly RegisterEvent[],
  events: readonly RegisterEvent[],
  mostPositions?: number,
): boolean | undefined {
  const asTheyWere = new Set(kept);
  const last = kept.reduce((latest, { end }) => Math.max(latest, end), 0);
  const others = events.filter(
    (event): event is WriteCall => event.call === 'write' && !asTheyWere.has(event) && event.start < last,
  );
  return new Search(kept, others.map(asAnything), mostPositions).succeeds();
}

/** A write that was done or refused had its turn by then; any other may be done long after its caller was told. */
function asAnything({ start, end, leaves, outcome }: WriteCall): WriteCall {
  const had = outcome === 'done' || outcome === 'refused';
  return { call: 'write', start, end: had ? end : Infinity, leaves, expects: 'any', outcome: 'unknown' };
}

/** The other writes of the values that some calls saw or expected, without which these say little to people. */
export function writersOfNamed(
  calls: readonly RegisterEvent[],
  events: readonly RegisterEvent[],
): readonly RegisterEvent[] {
  const named = new Set(calls.map(valueNamedBy).filter((value) => value !== undefined));
  return events.filter(
    (event) =>
      event.call === 'write' && event.leaves !== undefined && named.has(event.leaves) && !calls.includes(event),
  );
}

function valueNamedBy(call: RegisterEvent): string | undefined {
  if (call.call === 'read') return call.saw;
  return call.call === 'write' && typeof call.expects === 'object' ? call.expects.value : undefined;
}
