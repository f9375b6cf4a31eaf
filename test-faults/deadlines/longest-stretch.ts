/** Measures for how long no timer could fire while it watches: the longest time at a stretch, in milliseconds. */
export class LongestStretch implements Disposable {
  #longestMs = 0;
  #last = performance.now();
  readonly #timer = setInterval(() => {
    this.#longestMs = this.ms;
    this.#last = performance.now();
  }, 1);

  /** This moment included. */
  get ms(): number {
    return Math.max(this.#longestMs, performance.now() - this.#last);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
