import type { PathRange } from '@holdfast/core/adapter';
import type { PathWalk } from './path-walk.ts';

/** The walk of an iteration, between two of its pages. */
export class KeptWalk {
  #kept: { readonly walk: PathWalk; readonly range: PathRange } | undefined;

  /** The walk, if what is left of it is this very range. It is whose page that is until it is put back. */
  take(range: PathRange): PathWalk | undefined {
    const kept = this.#kept;
    this.#kept = undefined;
    return kept !== undefined && isSame(kept.range, range) ? kept.walk : undefined;
  }

  /** Keeps a walk of which a range is left. */
  put(walk: PathWalk, range: PathRange): void {
    this.#kept = { walk, range };
  }
}

function isSame(a: PathRange, b: PathRange): boolean {
  return a.from === b.from && a.below === b.below;
}
