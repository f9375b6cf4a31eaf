import { compareCodePoints, type PathRange } from '@holdfast/core/adapter';
import type { PathWalk } from './path-walk.ts';

/** The walk of an iteration, between two of its pages. */
export class KeptWalk {
  #kept: { readonly walk: PathWalk; readonly left: PathRange } | undefined;

  /**
   * The walk, told to begin where the range does, unless it is past that or has another end. It is whose page that is
   * until it is put back.
   */
  take(range: PathRange): PathWalk | undefined {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept === undefined || kept.left.below !== range.below) return undefined;
    if (compareCodePoints(range.from, kept.left.from) < 0) return undefined;
    kept.walk.skipTo(range.from);
    return kept.walk;
  }

  /** Keeps a walk of which a range is left. */
  put(walk: PathWalk, left: PathRange): void {
    this.#kept = { walk, left };
  }
}
