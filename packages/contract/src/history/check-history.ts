import { ContractViolation } from '../support/check.ts';
import type { HistoryEvent, ReadEvent, WriteEvent } from './history.ts';

/**
 * Checks that a history of one key, written with conditional puts only, is linearizable.
 *
 * Every write names the value it replaced and every value is written once, so the only possible order of the
 * writes is the chain from "no entry" through the writes on top of each other. What is left to check: every
 * acknowledged write is on the chain and no refused one is; a write of unknown outcome is on it exactly when
 * somebody saw it; and no read or write contradicts the order of real time.
 *
 * @throws ContractViolation
 */
export function checkHistory(events: readonly HistoryEvent[]): void {
  const writes = events.filter((event) => event.type === 'write');
  const reads = events.filter((event) => event.type === 'read');
  const position = positions(chainOf(writes, reads));
  for (const { tag, outcome } of writes) {
    if (outcome === 'applied' && !position.has(tag)) fail(`the acknowledged write ${tag} was lost`);
    if (outcome === 'not-applied' && position.has(tag)) fail(`the refused write ${tag} landed`);
  }
  for (const { saw } of reads) {
    if (!position.has(saw)) fail(`a read saw ${saw}, which is not on the chain of writes`);
  }
  checkRealTime(events, position);
}

/** The writes in their only possible order. */
function chainOf(writes: readonly WriteEvent[], reads: readonly ReadEvent[]): WriteEvent[] {
  const seen = new Set<string | undefined>([...reads.map(({ saw }) => saw), ...writes.map(({ onTopOf }) => onTopOf)]);
  const landed = writes.filter(({ outcome, tag }) => outcome === 'applied' || seen.has(tag));
  const successors = new Map<string | undefined, WriteEvent>();
  for (const write of landed) {
    const other = successors.get(write.onTopOf);
    if (other !== undefined) fail(`both ${other.tag} and ${write.tag} replaced ${write.onTopOf ?? 'no entry'}`);
    successors.set(write.onTopOf, write);
  }
  const chain: WriteEvent[] = [];
  for (let next = successors.get(undefined); next !== undefined; next = successors.get(next.tag)) chain.push(next);
  return chain;
}

/** Where each value stands on the chain; "no entry" is 0. */
function positions(chain: readonly WriteEvent[]): Map<string | undefined, number> {
  return new Map<string | undefined, number>([
    [undefined, 0],
    ...chain.map(({ tag }, index) => [tag, index + 1] as const),
  ]);
}

/** An operation that began after another had ended must not stand before it. */
function checkRealTime(events: readonly HistoryEvent[], position: ReadonlyMap<string | undefined, number>): void {
  const stands = (event: HistoryEvent): number | undefined =>
    event.type === 'read' ? position.get(event.saw) : position.get(event.tag);
  const byStart = events.toSorted((a, b) => a.start - b.start);
  // A write of unknown outcome may land long after its caller stopped waiting, so its end says nothing.
  const byEnd = events.filter((event) => !isUnknown(event)).toSorted((a, b) => a.end - b.end);
  let ended = 0;
  let furthest = 0;
  for (const event of byStart) {
    for (; ended < byEnd.length && (byEnd[ended] as HistoryEvent).end < event.start; ended += 1) {
      furthest = Math.max(furthest, stands(byEnd[ended] as HistoryEvent) ?? 0);
    }
    const at = stands(event);
    const least = event.type === 'write' ? furthest + 1 : furthest;
    if (at !== undefined && at < least)
      fail(`a ${event.type} stands at ${at}, behind what had already ended at ${furthest}`);
  }
}

function isUnknown(event: HistoryEvent): boolean {
  return event.type === 'write' && event.outcome === 'unknown';
}

function fail(reason: string): never {
  throw new ContractViolation(`expected a linearizable history, but ${reason}`);
}
