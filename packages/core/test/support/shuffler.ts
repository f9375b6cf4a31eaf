const nextTurn = setImmediate;

/** Holds every call up until it lets one of them through, in an order that is drawn beforehand. */
export class Shuffler {
  readonly #draws: readonly number[];
  readonly #waiting: (() => void)[] = [];
  #drawn = 0;

  constructor(draws: readonly number[]) {
    this.#draws = draws;
  }

  /** Resolves when its turn has come. */
  readonly turn = (): Promise<void> => new Promise((resolve) => this.#waiting.push(resolve));

  /** Gives turns until the work is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const settled = work.finally(() => (done = true));
    settled.catch(() => {});
    while (!done) {
      // Everything that can happen without a further turn happens first, so that there is something to choose.
      await new Promise((resolve) => nextTurn(resolve));
      const [chosen] = this.#waiting.splice(this.draw() % Math.max(this.#waiting.length, 1), 1);
      chosen?.();
    }
    return work;
  }

  /** The next of the numbers that were drawn beforehand, over and over. */
  draw(): number {
    this.#drawn += 1;
    return this.#draws[this.#drawn % this.#draws.length] ?? 0;
  }
}
