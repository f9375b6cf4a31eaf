import type { PutRequest } from '@holdfast/core/adapter';
import { alone, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory, mismatch, nextTurn } from './support/good-memory.ts';

interface Waiting {
  readonly request: PutRequest;
  readonly answer: PromiseWithResolvers<void>;
}

/** Writes what is put within one turn together, where no two of it are at one path. */
abstract class WritesTogether extends GoodMemory {
  #waiting = new Map<string, Waiting>();

  protected override async _put(request: PutRequest): Promise<void> {
    if (this.#waiting.has(request.path)) return super._put(request);
    const answer = Promise.withResolvers<void>();
    this.#waiting.set(request.path, { request, answer });
    if (this.#waiting.size === 1) void this.#writeSoon();
    return answer.promise;
  }

  async #writeSoon(): Promise<void> {
    await nextTurn();
    const batch = [...this.#waiting.values()];
    this.#waiting = new Map();
    const holds = await Promise.all(batch.map(({ request }) => this.holds(request)));
    if (holds.every(Boolean))
      for (const { request, answer } of batch) await super._put(request).then(answer.resolve, answer.reject);
    else await this.rollBack(batch);
  }

  protected async holds({ path, expectation }: PutRequest): Promise<boolean> {
    const version = (await super._get(path))?.version;
    if (expectation === 'any') return true;
    return expectation === 'absent' ? version === undefined : version === expectation.version;
  }

  /** Answers a batch in which something does not hold, and of which nothing is written. */
  protected abstract rollBack(batch: readonly Waiting[]): Promise<void>;
}

class FailsTogether extends WritesTogether {
  protected override async rollBack(batch: readonly Waiting[]): Promise<void> {
    for (const { answer } of batch) answer.reject(mismatch());
  }
}

class AnswersBeforeTheEnd extends WritesTogether {
  protected override async rollBack(batch: readonly Waiting[]): Promise<void> {
    for (const { request, answer } of batch) {
      if (await this.holds(request)) answer.resolve();
      else answer.reject(mismatch());
    }
  }
}

/** Writes that are made together, and what their neighbours hear of one that fails. */
export const brokenNeighbours: readonly BrokenAdapter[] = [
  {
    name: 'fails together',
    why: 'puts that come together are one transaction, which one that does not hold rolls back for all',
    caughtBy: ['race.neighbours'],
    createStore: () => alone(new FailsTogether()),
  },
  {
    name: 'answers before the end',
    why: 'of puts that come together, those that hold are acknowledged before another one rolls all of them back',
    caughtBy: ['race.neighbours'],
    createStore: () => alone(new AnswersBeforeTheEnd()),
  },
];
