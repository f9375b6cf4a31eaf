import type { WorkObserver } from './work-observer.ts';

/** Tells the observer of a call what the adapter does for it; throws for what an adapter gives in place of a promise. */
export function underWay<T>(work: Promise<T>, observer: WorkObserver | undefined): Promise<T> {
  if (typeof (work as Promise<T> | undefined)?.then !== 'function') throw new TypeError('an adapter gave no promise');
  observer?.began(work);
  return work;
}
