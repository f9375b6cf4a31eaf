import { HoldfastError } from '@holdfast/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GroupResult, WriteGroup } from '../group.ts';
import { impatient, landed, put, turns } from '../../test/support/batching.ts';
import type { Batch, WriteContext } from './batch.ts';
import { BatchingDriver } from './batching-driver.ts';

/** What became of one write in truth, and what its caller was told. */
interface Written {
  readonly caller: ReturnType<typeof impatient>;
  applied: boolean;
  told: GroupResult | undefined;
}

/** A batch at the driver, which may do with it whatever a driver may. */
class AtDriver {
  readonly #batch: Batch;
  readonly #all: readonly Written[];
  readonly #end = Promise.withResolvers<readonly GroupResult[]>();
  readonly answer: Promise<readonly GroupResult[]> = this.#end.promise;
  /** The places that are sent; `undefined` while it waits. */
  #sent: readonly number[] | undefined;
  readonly #alone = new Set<number>();
  #isOver = false;

  constructor(all: readonly Written[], { batch }: WriteContext) {
    this.#all = all;
    this.#batch = batch as Batch;
    this.#sent = [...all.keys()];
  }

  readonly acts: Readonly<Record<string, (nth: number) => void>> = {
    begin: () => {
      this.#sent ??= this.#batch.begin().filter((place) => !this.#alone.has(place));
    },
    wait: () => {
      // Only when nothing of it has been applied.
      if (this.#isOver || this.#sent?.some((place) => this.#all[place]?.applied) === true) return;
      this.#sent = undefined;
      this.#batch.wait();
    },
    apply: (nth) => this.#some(nth, (written) => (written.applied = true)),
    answer: (nth) => this.#some(nth, (written, place) => written.applied && this.#batch.answer(place, landed)),
    alone: (nth) =>
      this.#some(nth, (written, place) => {
        if (written.applied || written.told !== undefined) return;
        this.#batch.alone(place);
        this.#alone.add(place);
        this.#sent = this.#sent?.filter((other) => other !== place);
      }),
    applyAlone: () => this.#oneAlone(true),
    refuseAlone: () => this.#oneAlone(false),
    makeWay: () => this.#batch.makeWay(),
    end: () => this.end(),
    fail: () => {
      if (this.#isOver || this.#sent === undefined) return;
      this.#isOver = true;
      this.#end.reject(new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' }));
    },
  };

  /** Answers what is left: of what was not sent, that it is not applied. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#end.resolve(this.#all.map(({ applied }) => (applied ? landed : { unmet: [0] })));
  }

  #some(nth: number, act: (written: Written, place: number) => unknown): void {
    if (this.#isOver || this.#sent === undefined || this.#sent.length === 0) return;
    const place = this.#sent[nth % this.#sent.length] as number;
    act(this.#all[place] as Written, place);
  }

  #oneAlone(applies: boolean): void {
    const [place] = this.#alone;
    if (place === undefined) return;
    this.#alone.delete(place);
    const written = this.#all[place] as Written;
    written.applied = applies;
    this.#batch.answer(place, applies ? landed : { unmet: [0] });
  }
}

const acts = [
  'begin',
  'wait',
  'apply',
  'answer',
  'alone',
  'applyAlone',
  'refuseAlone',
  'makeWay',
  'end',
  'fail',
] as const;
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ write: fc.subarray(['/a', '/b', '/c'], { minLength: 1, maxLength: 2 }) }) },
    { weight: 2, arbitrary: fc.record({ giveUp: fc.nat(9) }) },
    { weight: 3, arbitrary: fc.record({ act: fc.constantFrom('begin', 'apply'), batch: fc.nat(1), nth: fc.nat(3) }) },
    { weight: 4, arbitrary: fc.record({ act: fc.constantFrom(...acts), batch: fc.nat(1), nth: fc.nat(3) }) },
  ),
  { minLength: 20, maxLength: 80 },
);

/** Whether its caller was told something that is not so. That nothing is known is always so. */
function wasMisled({ told, applied }: Written): boolean {
  if (told === undefined) return true;
  if ('changed' in told) return !applied;
  return applied && ('unmet' in told || told.error.outcome === 'not-applied');
}

test('whatever a driver does, nobody is told what is not so, and everybody is told something', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 3 }), async (all, atOnce) => {
      const written = new Map<WriteGroup, Written>();
      const batches: AtDriver[] = [];
      const driver = new BatchingDriver(
        {
          read: async () => [],
          write: (groups, context) => {
            const batch = new AtDriver(
              groups.map((group) => written.get(group) as Written),
              context,
            );
            batches.push(batch);
            return batch.answer;
          },
          close: async () => {},
        },
        { atOnce, maxGroups: 4, maxChanges: 100, maxBytes: 1_000_000 },
      );
      const writes: Promise<void>[] = [];
      for (const step of all) {
        if ('write' in step) {
          const group = step.write.map((path) => put(path)) as unknown as WriteGroup;
          const one: Written = { caller: impatient(), applied: false, told: undefined };
          written.set(group, one);
          writes.push(driver.write([group], one.caller).then(([told]) => void (one.told = told)));
        } else if ('giveUp' in step) {
          const unanswered = [...written.values()].filter(({ told }) => told === undefined);
          unanswered[step.giveUp % unanswered.length]?.caller.giveUp();
        } else {
          batches.at(-1 - step.batch)?.acts[step.act]?.(step.nth);
        }
        await turns();
      }
      for (let round = 0; round < 20; round += 1) {
        for (const batch of batches) {
          for (let alone = 0; alone < 4; alone += 1) batch.acts['applyAlone']?.(0);
          batch.end();
        }
        await turns();
      }
      await Promise.all(writes);
      expect([...written.values()].filter(wasMisled)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
