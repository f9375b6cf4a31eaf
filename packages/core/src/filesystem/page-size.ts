import type { Snapshot } from '../entries/entry.ts';

/**
 * About how many bytes of bodies one page of `entries` should bring, in bytes: 32 MiB. Enough to make round trips
 * rare, little enough for a small container.
 */
export const PAGE_BYTES: number = 32 * 1024 * 1024;

const GROWTH = 4;

/**
 * Chooses how many entries to ask for, since a page of large bodies can be gigabytes. It begins with what fits
 * {@link PAGE_BYTES} if every body is as long as it may be, and then goes by how long they are: at most four times
 * as many as before, so that one page of small bodies before large ones does no harm.
 */
export class PageSize {
  readonly #most: number;
  #entries: number;

  constructor(most: number, maxBodyBytes: number) {
    this.#most = most;
    // An adapter that names no limit (which its claims must) gets what the caller asked for.
    this.#entries = this.#within(PAGE_BYTES / maxBodyBytes || most);
  }

  /** How many entries to ask for. */
  get entries(): number {
    return this.#entries;
  }

  /** Takes note of a page. */
  seen(page: readonly Snapshot[]): void {
    const bytes = page.reduce((sum, { body }) => sum + body.byteLength, 0);
    this.#entries = this.#within(Math.min(this.#entries * GROWTH, (PAGE_BYTES * page.length) / Math.max(bytes, 1)));
  }

  #within(entries: number): number {
    return Math.max(1, Math.min(this.#most, Math.floor(entries)));
  }
}
