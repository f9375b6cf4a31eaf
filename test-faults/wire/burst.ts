import { setTimeout as pause } from 'node:timers/promises';
import type { FaultProxy, WireRule } from '@holdfast/contract';
import { getMany, type Snapshot } from '@holdfast/core';
import type { Store } from './backends.ts';
import { Chain, idOf, type Wrongs } from './chain.ts';
import { HotRecords } from './hot-records.ts';
import type { Traffic } from './random-fault.ts';
import type { Tally } from './told.ts';

/** How long a call may take, in milliseconds: what hangs is over soon, and what does not has time on a loaded machine. */
const TIMEOUT_MS = 500;

/** The longest that something stalls before it goes on, in milliseconds, unless it does so until the deadline. */
const STALL_MS = 200;

/** How much is written in one burst. */
const [SINGLE, TRIPLE, STEPS, UPDATES, TRANSACTIONS] = [20, 6, 3, 6, 3];

/** Many writers at once, on paths of their own and on the same, and what they were told. */
export class Burst {
  readonly #random: () => number;
  readonly #tally: Tally;
  readonly #wrongs: Wrongs;
  readonly #chains: readonly Chain[];
  readonly #hot: HotRecords;

  constructor(
    name: string,
    random: () => number,
    { tally, wrongs }: { readonly tally: Tally; readonly wrongs: Wrongs },
  ) {
    [this.#random, this.#tally, this.#wrongs] = [random, tally, wrongs];
    const widths = [...Array<number>(SINGLE).fill(1), ...Array<number>(TRIPLE).fill(3)];
    this.#chains = widths.map((width, index) => new Chain(`${name}/${index}`, width, random));
    this.#hot = new HotRecords(name);
  }

  /** Runs it while something goes wrong; gives how often that was and what has passed. */
  async run(
    store: Store,
    proxy: FaultProxy,
    rules: readonly WireRule[],
  ): Promise<{ faults: number; traffic: Traffic }> {
    const [random, began, before] = [this.#random, performance.now(), proxy.counts];
    const faults = rules.map((rule) => proxy.add(rule));
    const over = new AbortController();
    for (const [index, { effect }] of rules.entries()) {
      // Of those that stall most go on while somebody still waits, and what was sent arrives late.
      if (effect === 'stall' && random() < 0.75) {
        const resume = async (): Promise<void> => {
          await faults[index]?.happened;
          await pause(random() * STALL_MS, undefined, { signal: over.signal });
          proxy.clear();
        };
        void resume().catch(() => {});
      }
    }
    const steps = async (chain: Chain): Promise<void> => {
      for (let step = 0; step < STEPS; step += 1) await chain.write(store, this.#tally, this.#wrongs, TIMEOUT_MS);
    };
    await Promise.all([
      ...this.#chains.map(steps),
      ...Array.from({ length: UPDATES }, () => this.#hot.update(store, this.#tally, 2 * TIMEOUT_MS, random)),
      ...Array.from({ length: TRANSACTIONS }, () => this.#hot.updateBoth(store, this.#tally, 2 * TIMEOUT_MS)),
    ]);
    over.abort();
    const after = proxy.counts;
    proxy.clear();
    return {
      faults: faults.reduce((sum, { applied }) => sum + applied, 0),
      traffic: {
        requests: after.requests - before.requests,
        requestBytes: after.requestBytes - before.requestBytes,
        replies: after.replies - before.replies,
        replyBytes: after.replyBytes - before.replyBytes,
        ms: performance.now() - began,
      },
    };
  }

  /** Checks what is there now, by a connection that is well. */
  async check(witness: Store, when: string): Promise<void> {
    const paths = [...this.#chains.flatMap((chain) => chain.paths), ...this.#hot.paths];
    const found = await getMany(witness, paths);
    const read = new Map<string, Snapshot>();
    for (const each of found) if (each !== undefined) read.set(each.path, each);
    const ids = new Map([...read].map(([path, { body }]) => [path, idOf(body)]));
    for (const chain of this.#chains) chain.check(ids, this.#wrongs, when);
    await this.#hot.check(read, this.#wrongs, when);
  }
}
