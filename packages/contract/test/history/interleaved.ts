/** What somebody does, step by step; between two steps anybody else may do something. */
export type Steps<T = void> = Generator<void, T, void>;

/** Does what several do at once, a step of one and a step of another, as chance has it. */
export class Interleaved {
  readonly #random: () => number;
  readonly #under: Steps[] = [];
  #clock = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Begins something that goes on beside all the rest. */
  begin(steps: Steps): void {
    this.#under.push(steps);
  }

  /** Goes on until nobody has anything to do. */
  run(): void {
    while (this.#under.length > 0) {
      const index = Math.floor(this.#random() * this.#under.length);
      if ((this.#under[index] as Steps).next().done === true) this.#under.splice(index, 1);
    }
  }

  /** Waits for others, up to so many steps. */
  *wait(most: number): Steps {
    for (let left = Math.floor(this.#random() * (most + 1)); left > 0; left -= 1) yield;
  }

  /** A moment, later than all before. */
  tick(): number {
    this.#clock += 1;
    return this.#clock;
  }
}
