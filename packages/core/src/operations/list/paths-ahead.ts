import { compareCodePoints } from '../../paths/code-points.ts';
import { rangeAfter, type PathRange } from '../../paths/path-range.ts';
import { MAX_PAGE_SIZE } from '../page-limits.ts';
import type { ScannedPage } from '../entries/scanned-page.ts';

/** Gives the first entries of a range, at most `limit`. */
export type Scan = (range: PathRange, limit: number) => Promise<ScannedPage>;

/** How many entries the first scan of a listing asks for. Enough for most directories, and little to read in vain. */
const FIRST_AHEAD = 16;

/** From how much to how much all paths are known, in order. */
interface Stretch {
  readonly from: string;
  to: string;
  readonly paths: string[];
}

/**
 * The paths below a directory for somebody who goes through them in leaps, read some ahead. After the first scan it
 * reads twice as many at once as were of use of those of the scan before, and at least two. So the scans are few where
 * most are of use, and where few are, few are read in vain.
 */
export class PathsAhead {
  readonly #scan: Scan;
  readonly #end: string;
  #stretches: Stretch[] = [];
  #ofUse = FIRST_AHEAD / 2;

  /** @param range what is below the directory */
  constructor(scan: Scan, range: PathRange) {
    this.#scan = scan;
    this.#end = range.below;
  }

  /** The first path of a range. */
  first(range: PathRange): Promise<string | undefined> {
    return this.#first(range, () => {
      const ahead = Math.max(2, Math.min(2 * this.#ofUse, MAX_PAGE_SIZE));
      this.#ofUse = 0;
      return ahead;
    });
  }

  /** Whether a range has any. Reads no more than that takes, since what comes next is elsewhere. */
  async hasAny(range: PathRange): Promise<boolean> {
    return (await this.#first(range, () => 1)) !== undefined;
  }

  /** Tells that something of use was found, and that nothing up to a path will be asked for any more. */
  found(path: string): void {
    this.#ofUse += 1;
    this.#stretches = this.#stretches.filter(({ to }) => isBefore(path, to));
  }

  async #first({ from, below }: PathRange, limit: () => number): Promise<string | undefined> {
    let at = from;
    while (isBefore(at, below)) {
      const stretch = this.#stretches.find((it) => !isBefore(at, it.from) && isBefore(at, it.to));
      if (stretch === undefined) {
        await this.#read(at, limit());
        continue;
      }
      const path = stretch.paths[placeOf(at, stretch.paths)];
      if (path !== undefined) return isBefore(path, below) ? path : undefined;
      at = stretch.to;
    }
    return undefined;
  }

  async #read(from: string, limit: number): Promise<void> {
    const range = { from, below: this.#end };
    const { entries, ended } = await this.#scan(range, limit);
    const paths = entries.map(({ path }) => path);
    const last = paths.at(-1);
    const to = ended || last === undefined ? this.#end : rangeAfter(range, last).from;
    const before = this.#stretches.find((stretch) => stretch.to === from);
    if (before === undefined) this.#stretches.push({ from, to, paths });
    else {
      before.paths.push(...paths);
      before.to = to;
    }
  }
}

/** Where the first of the paths that is not before another one is. */
function placeOf(path: string, paths: readonly string[]): number {
  let low = 0;
  let high = paths.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(paths[middle] as string, path)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore(one: string, other: string): boolean {
  return compareCodePoints(one, other) < 0;
}
