import { ContractViolation } from '../support/check.ts';
import type { RegisterEvent, WriteCall } from './register-event.ts';
import { Search } from './search.ts';

/**
 * Checks that a history of one key is linearizable: that there is an order of its calls, in which each of them takes
 * effect at one moment between its beginning and its end, that explains everything they saw. A call of unknown outcome
 * may have taken effect at any moment since it began, or never.
 *
 * @throws ContractViolation with the calls that cannot be explained, as few as were found
 */
export function checkRegister(events: readonly RegisterEvent[], key: string): void {
  if (isLinearizable(events)) return;
  const fewest = withoutWhatDoesNotMatter(shortestBeginning(events));
  throw new ContractViolation(
    [`expected an order that explains these calls at ${key}; there is none:`, ...fewest.map(describe)].join('\n  '),
  );
}

/** Whether such an order exists. */
export function isLinearizable(events: readonly RegisterEvent[]): boolean {
  return new Search(events).succeeds();
}

/** The calls up to the first answer that cannot be explained; what was still under way then may have been done or not. */
function shortestBeginning(events: readonly RegisterEvent[]): RegisterEvent[] {
  const ends = events.map(({ end }) => end).toSorted((a, b) => a - b);
  const beginningAt = (end: number): RegisterEvent[] =>
    events
      .filter((event) => event.start < end && (event.end <= end || event.call === 'write'))
      .map((event) =>
        event.end <= end ? event : { ...(event as WriteCall), outcome: 'unknown' as const, end: Infinity },
      );
  const first = ends.find((end) => !isLinearizable(beginningAt(end)));
  return first === undefined ? [...events] : beginningAt(first);
}

/** Leaves out every call without which the others cannot be explained either. Writes that somebody saw stay. */
function withoutWhatDoesNotMatter(events: readonly RegisterEvent[]): RegisterEvent[] {
  let left = [...events];
  for (const event of events) {
    if (event.call === 'write' && event.outcome !== 'refused' && event.outcome !== 'not-applied') continue;
    const without = left.filter((other) => other !== event);
    if (!isLinearizable(without)) left = without;
  }
  const known = new Set(left.flatMap((event) => (event.call === 'read' ? [event.saw] : [])));
  const expected = new Set(
    left.flatMap((event) => (event.call === 'write' && typeof event.expects === 'object' ? [event.expects.value] : [])),
  );
  for (const event of [...left].filter((it) => it.call === 'write' && it.leaves !== undefined)) {
    const { leaves } = event as WriteCall;
    if (known.has(leaves) || expected.has(leaves as string)) continue;
    const without = left.filter((other) => other !== event);
    if (!isLinearizable(without)) left = without;
  }
  return left.toSorted((a, b) => a.start - b.start);
}

function describe(event: RegisterEvent): string {
  const when = `${event.start}–${event.end === Infinity ? '…' : event.end}`;
  if (event.call === 'read') return `${when} a read saw ${event.saw ?? 'no entry'}`;
  if (event.call === 'look') return `${when} a listing saw ${event.saw ? 'an entry' : 'no entry'}`;
  const { expects, leaves, outcome, deleted } = event;
  const what = leaves === undefined ? 'a delete' : `a put of ${leaves}`;
  const condition = typeof expects === 'object' ? `on ${expects.value}` : `with '${expects}'`;
  const told = deleted === undefined ? '' : deleted ? ' of something' : ' of nothing';
  return `${when} ${what} ${condition}: ${outcome}${told}`;
}
