/** A state of one record, as text; `undefined` where there is none. */
export type State = string | undefined;

/** What somebody did to one record, or saw of it, at some moment between a start and an end. */
export interface HistoryEvent {
  readonly name: string;
  readonly start: number;
  /** `Infinity` for what may happen at any time, since nobody knows whether it did. */
  readonly end: number;
  /** Whether it may also never have happened. */
  readonly isUnknown?: boolean;
  /** The state that it leaves where it finds this one, or `MISFIT` where it would not have told what it did. */
  readonly step: (found: State) => State | typeof MISFIT;
}

/** What an event says that does not fit a state. */
export const MISFIT: unique symbol = Symbol('misfit');

/**
 * An order of all events, one after the other, in which each fits what those before have left, and which ends with what is
 * stored; `undefined` when there is none. An event that began after another had ended comes after it.
 */
export function linearOrder(events: readonly HistoryEvent[], stored: State): readonly string[] | undefined {
  const dead = new Set<string>();
  const search = (done: ReadonlySet<HistoryEvent>, state: State): readonly string[] | undefined => {
    const left = events.filter((event) => !done.has(event));
    if (left.every(({ isUnknown }) => isUnknown) && state === stored) return [];
    const key = `${events.map((event) => (done.has(event) ? 1 : 0)).join('')} ${state}`;
    if (dead.has(key)) return undefined;
    const firstEnd = Math.min(...left.map(({ end }) => end));
    for (const event of left) {
      if (event.start > firstEnd) continue;
      const next = event.step(state);
      if (next === MISFIT) continue;
      const order = search(new Set([...done, event]), next);
      if (order !== undefined) return [event.name, ...order];
    }
    dead.add(key);
    return undefined;
  };
  return search(new Set(), undefined);
}
