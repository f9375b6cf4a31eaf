import { clock } from '@holdfast/core/adapter';
import { stopIfAbandoned } from '../running/current-run.ts';
import { answerAndThrown } from './answers.ts';
import { compareAnswers } from './compare-answers.ts';
import type { ComparedBackend } from './compared-backend.ts';
import type { Operation } from './operation.ts';
import { OnInstance } from './operations/on-instance.ts';
import { emptying, everything } from './operations/everything.ts';
import { Side } from './side.ts';

/** How long an operation may take when nothing else is said, in milliseconds: far longer than any has to. */
const HUNG_AFTER_MS = 30_000;

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
  static async open(backends: readonly ComparedBackend[], hungAfterMs: number = HUNG_AFTER_MS): Promise<Round> {
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
    stopIfAbandoned();
    const told = await Promise.all(
      this.#sides.map((side) => this.#withinReason(answerAndThrown(() => operation.perform(side, step)))),
    );
    const answers = this.#sides.map((side, index) => ({
      id: side.id,
      given: told[index]?.given ?? '',
      thrown: told[index]?.thrown,
      right: operation.predict(side.model, step),
    }));
    compareAnswers({ operation: operation.toString(), promise: operation.promise }, step, answers);
  }

  /**
   * Looks at everything once more, deletes it, closes the filesystems, and does some operations on the closed ones.
   */
  async finish(afterwards: readonly Operation[]): Promise<void> {
    const models = this.#sides.map(({ model }) => model);
    await this.#onEach(everything(models));
    const { deletes, looks } = emptying(models);
    for (const operation of deletes) await this.settle(operation);
    await this.#onEach(looks);
    for (const side of this.#sides) {
      await side.close();
      side.model.closed = true;
    }
    for (const operation of afterwards) await this.settle(operation);
  }

  /** Closes what is open and removes the stores. */
  async destroy(): Promise<void> {
    const ended = await Promise.allSettled(this.#sides.map((side) => side.destroy()));
    const failed = ended.find((side) => side.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Does operations on every instance that has been used: what one of them remembers another may have changed. */
  async #onEach(operations: readonly Operation[]): Promise<void> {
    for (const operation of operations) await this.settle(operation);
    for (const instance of this.#instances()) {
      for (const operation of operations) await this.settle(new OnInstance(instance, operation));
    }
  }

  /** The instances that have been used beside the first, on any side. */
  #instances(): readonly number[] {
    return [...new Set(this.#sides.flatMap((side) => side.furtherInstances()))];
  }

  async #withinReason(answer: ReturnType<typeof answerAndThrown>): ReturnType<typeof answerAndThrown> {
    const { promise, resolve } = Promise.withResolvers<Awaited<typeof answer>>();
    const late = (): void => resolve({ given: `no answer within ${this.#hungAfterMs} ms`, thrown: undefined });
    const timer = clock.setTimeout(late, this.#hungAfterMs);
    try {
      return await Promise.race([answer, promise]);
    } finally {
      clock.clearTimeout(timer);
    }
  }
}
