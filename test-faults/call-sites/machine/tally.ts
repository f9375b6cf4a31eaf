/** What became of the trials of one backend. */
export class Tally {
  readonly #counts: Record<string, number> = {
    'call sites': 0,
    faults: 0,
    applied: 0,
    'not applied': 0,
    unknown: 0,
    hung: 0,
    untyped: 0,
    partial: 0,
    'false answers': 0,
    unusable: 0,
    leaks: 0,
  };
  readonly #problems: string[] = [];

  get counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  /** The first things that must not have happened, in words. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  add(count: string, by = 1): void {
    this.#counts[count] = (this.#counts[count] ?? 0) + by;
  }

  /** Counts something that must not have happened. */
  wrong(count: 'hung' | 'untyped' | 'partial' | 'false answers' | 'unusable' | 'leaks', words: string): void {
    this.add(count);
    if (this.#problems.length < 20) this.#problems.push(`${count}: ${words}`);
  }
}
