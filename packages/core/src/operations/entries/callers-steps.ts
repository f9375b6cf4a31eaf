/**
 * The same iteration, each step of it in the async context of whoever asks for it. A generator takes up what is asked
 * for while it runs by itself, in the context of the step before.
 */
export class CallersSteps<T> implements AsyncGenerator<T, void, undefined> {
  readonly #generator: AsyncGenerator<T, void, undefined>;
  #last: Promise<unknown> = Promise.resolve();
  #underWay = 0;

  constructor(generator: AsyncGenerator<T, void, undefined>) {
    this.#generator = generator;
  }

  next(): Promise<IteratorResult<T, void>> {
    return this.#step(() => this.#generator.next());
  }

  return(): Promise<IteratorResult<T, void>> {
    return this.#step(() => this.#generator.return());
  }

  throw(error: unknown): Promise<IteratorResult<T, void>> {
    return this.#step(() => this.#generator.throw(error));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #step<R>(take: () => Promise<R>): Promise<R> {
    const step = this.#afterwards(this.#underWay === 0 ? undefined : this.#last, take);
    this.#last = step;
    return step;
  }

  // Nobody else awaits the step, so that the stacks of its errors lead to whoever asks for it.
  async #afterwards<R>(before: Promise<unknown> | undefined, take: () => Promise<R>): Promise<R> {
    this.#underWay += 1;
    try {
      if (before !== undefined) await Promise.allSettled([before]);
      return await take();
    } finally {
      this.#underWay -= 1;
    }
  }
}
