/** Ends what somebody keeps for a series; it is told what ending what was kept after it failed with, if it did. */
export type EndOfPart = (failed: { readonly thrown: unknown } | undefined) => void | Promise<void>;

/**
 * Operations that belong together: the pages of one iteration. Whoever they go through can keep something from one to
 * the next, and hears of the end.
 */
export class Series {
  readonly #kept = new Map<object, unknown>();
  readonly #ends: EndOfPart[] = [];

  /** What its owner has kept here, made when it is first asked for. */
  keep<T>(owner: object, make: (series: this) => T): T {
    if (!this.#kept.has(owner)) this.#kept.set(owner, make(this));
    return this.#kept.get(owner) as T;
  }

  /** Has something ended with the series. What was kept last ends first. */
  onEnd(end: EndOfPart): void {
    this.#ends.push(end);
  }

  /** A part of it that goes another way; `told` makes of what its end fails with what is said here. */
  part(owner: object, told: (thrown: unknown) => unknown): Series {
    return this.keep(owner, () => {
      const part = new Series();
      this.onEnd(async () => {
        try {
          await part.end();
        } catch (thrown) {
          throw told(thrown);
        }
      });
      return part;
    });
  }

  /** Ends everything that is kept, also when something fails, and then fails as the last of these did. */
  async end(): Promise<void> {
    let failed: { readonly thrown: unknown } | undefined;
    for (const end of this.#ends.splice(0).toReversed()) {
      try {
        await end(failed);
      } catch (thrown) {
        failed = { thrown };
      }
    }
    if (failed !== undefined) throw failed.thrown;
  }
}
