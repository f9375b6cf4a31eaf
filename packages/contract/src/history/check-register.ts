import { ContractViolation } from '../support/check.ts';
import { fewestCalls, writersOfNamed } from './fewest-calls.ts';
import type { RegisterEvent } from './register-event.ts';
import { Search } from './search.ts';

/**
 * Checks that a history of one key is linearizable: that there is an order of its calls, in which each of them takes
 * effect at one moment between its beginning and its end, that explains everything they saw. A call of unknown outcome
 * may have taken effect at any moment since it began, or never.
 *
 * @throws ContractViolation with calls that cannot be explained whatever the others did, as few as were found, and the
 * writes of the values that these name
 */
export function checkRegister(events: readonly RegisterEvent[], key: string): void {
  if (isLinearizable(events)) return;
  const fewest = fewestCalls(events);
  const others = writersOfNamed(fewest, events).map(describe);
  throw new ContractViolation(
    [
      `expected an order that explains these calls at ${key}; there is none, whatever the others did:`,
      ...fewest.map(describe),
      ...(others.length === 0 ? [] : ['where what these saw and expected was left by:', ...others]),
    ].join('\n  '),
  );
}

/** Whether such an order exists. */
export function isLinearizable(events: readonly RegisterEvent[]): boolean {
  return new Search(events).succeeds() === true;
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
