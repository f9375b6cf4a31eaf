/** How often it looks, in milliseconds. */
const EVERY_MS = 5;

/** How late a timer is that nothing has kept, in milliseconds. */
const USUAL_MS = 2;

/** Measures by how much timers are late while it watches: what a call cannot be blamed for. */
export class EventLoopWatch implements Disposable {
  #lateMs = 0;
  #due = performance.now() + EVERY_MS;
  readonly #timer = setInterval(() => {
    this.#lateMs = this.lateMs;
    this.#due = performance.now() + EVERY_MS;
  }, EVERY_MS);

  /** For how many milliseconds nothing could run that was due, all in all, this moment included. */
  get lateMs(): number {
    const late = performance.now() - this.#due;
    return this.#lateMs + (late > USUAL_MS ? late : 0);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
