import { answerTo } from './answers.ts';
import { compareAnswers } from './compare-answers.ts';
import type { ComparedBackend } from './compared-backend.ts';
import type { Operation } from './operation.ts';
import { everything } from './operations/everything.ts';
import { Side } from './side.ts';

/** One random sequence of operations on all backends at once, each with a new store. */
export class Round {
  readonly #sides: readonly Side[];
  readonly #hungAfterMs: number;
  #step = 0;

  private constructor(sides: readonly Side[], hungAfterMs: number) {
    this.#sides = sides;
    this.#hungAfterMs = hungAfterMs;
  }

  /**
   * Makes and opens a store of each backend. `hungAfterMs` is how long an operation may take before it counts as
   * hung, in milliseconds: by default far longer than any has to take, and short enough to say which one it is.
   */
  static async open(backends: readonly ComparedBackend[], hungAfterMs: number = 30_000): Promise<Round> {
    const opened = await Promise.allSettled(backends.map((backend) => Side.open(backend)));
    const round = new Round(
      opened.flatMap((side) => (side.status === 'fulfilled' ? [side.value] : [])),
      hungAfterMs,
    );
    const failed = opened.find((side) => side.status === 'rejected');
    if (failed === undefined) return round;
    await round.destroy();
    throw failed.reason;
  }

  /**
   * Does an operation on every side at once and compares what they answer.
   *
   * @throws Error that names the backend that differs, from which, the operation, and both answers
   */
  async settle(operation: Operation): Promise<void> {
    this.#step += 1;
    const step = this.#step;
    const given = await Promise.all(
      this.#sides.map((side) => this.#withinReason(answerTo(() => operation.perform(side, step)))),
    );
    const answers = this.#sides.map((side, index) => ({
      id: side.id,
      given: given[index] ?? '',
      right: operation.predict(side.model, step),
    }));
    compareAnswers(operation.toString(), step, answers);
  }

  /** Looks at everything once more, closes the filesystems, and does some operations on the closed ones. */
  async finish(afterwards: readonly Operation[]): Promise<void> {
    for (const operation of everything(this.#sides.map(({ model }) => model))) await this.settle(operation);
    for (const { model, filesystem } of this.#sides) {
      await filesystem.close();
      model.closed = true;
    }
    for (const operation of afterwards) await this.settle(operation);
  }

  /** Closes what is open and removes the stores. */
  async destroy(): Promise<void> {
    const ended = await Promise.allSettled(this.#sides.map((side) => side.destroy()));
    const failed = ended.find((side) => side.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #withinReason(answer: Promise<string>): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    const timer = setTimeout(() => resolve(`no answer within ${this.#hungAfterMs} ms`), this.#hungAfterMs);
    try {
      return await Promise.race([answer, promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}
