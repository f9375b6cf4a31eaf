/** How often it looks, in milliseconds. */
const EVERY_MS = 5;

/** Measures by how much timers are late while it watches: what a call cannot be blamed for. */
export class EventLoopWatch implements Disposable {
  #latestMs = 0;
  #due = performance.now() + EVERY_MS;
  readonly #timer = setInterval(() => {
    const now = performance.now();
    this.#latestMs = Math.max(this.#latestMs, now - this.#due);
    this.#due = now + EVERY_MS;
  }, EVERY_MS);

  /** The most so far, in milliseconds; also what is late at this moment. */
  get latestMs(): number {
    return Math.max(this.#latestMs, performance.now() - this.#due);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
