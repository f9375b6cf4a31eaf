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
    const step = this.#underWay === 0 ? take() : this.#last.then(take, take);
    this.#last = step;
    this.#underWay += 1;
    step.then(this.#ended, this.#ended);
    return step;
  }

  readonly #ended = (): void => {
    this.#underWay -= 1;
  };
}
