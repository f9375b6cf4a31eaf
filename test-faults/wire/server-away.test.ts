import { setTimeout as pause } from 'node:timers/promises';
import { getMany } from '@holdfast/core';
import { expect, test } from 'vitest';
import { howMany } from '../figures/how-many.ts';
import { noteFigures } from '../figures/note-figures.ts';
import { WIRE_BACKENDS, type Store } from './backends.ts';
import { callWithDeadlines, untilServed, type Overdue } from './calls-with-deadlines.ts';
import { Chain, idOf } from './chain.ts';
import { seededRandom } from './seeded-random.ts';
import { Tally } from './told.ts';

const WRITERS = 64;

/**
 * The longest until the first success once a server goes on, and until it serves again once it was started anew, in
 * milliseconds.
 */
const [RESUMED_MS, RESTARTED_MS] = [1000, 5000];

test.for(WIRE_BACKENDS)(
  'calls end in time while $name is halted or killed, it is used again at once, and 64 writers outlive its restarts',
  { timeout: 600_000 },
  async (backend, context) => {
    const unhandled: unknown[] = [];
    const note = (thrown: unknown): void => void unhandled.push(thrown);
    process.on('unhandledRejection', note);
    const tally = new Tally();
    const wrongs = { lost: [], appliedTwice: [], falselyNotApplied: [], torn: [] };
    const overdue: Overdue[] = [];
    const [resumed, restarted]: [number[], number[]] = [[], []];
    await using server = await backend.start();
    const place = backend.place(server);
    await using store = await place.open();
    for (let time = 0; time < howMany(5); time += 1) {
      await untilServed(store, tally);
      await server.halt();
      overdue.push(await callWithDeadlines(store, 2, tally));
      await server.resume();
      resumed.push(await untilServed(store, tally));
    }
    await server.kill();
    overdue.push(await callWithDeadlines(store, 2, tally));
    await server.start();
    restarted.push(await untilServed(store, tally));

    const writers = new Writers(store, tally, wrongs);
    const restarts = howMany(5);
    for (let restart = 0; restart < restarts; restart += 1) {
      await writers.untilEachHasWritten();
      await server.kill();
      await server.start();
      const began = performance.now();
      await writers.untilEachHasWritten();
      restarted.push(performance.now() - began);
    }
    await writers.end();
    await using fresh = await place.open();
    await writers.check(fresh, wrongs);
    process.off('unhandledRejection', note);

    const worst = (times: readonly number[]): number => Math.round(Math.max(...times));
    const wrong = Object.values(wrongs).flat();
    const late = worst(overdue.map(({ lateMs }) => lateMs));
    noteFigures(context, {
      promise: 'a server that is away',
      where: backend.name,
      counts: {
        halts: resumed.length,
        'restarts under 64 writers': restarts,
        acknowledged: tally.landed,
        unknown: tally.unknown,
        'lost or twice': wrong.length,
        'ms too late': late,
        'ms to first success after a halt': worst(resumed),
        'ms until all had written after a restart': worst(restarted),
        unhandled: unhandled.length,
        untyped: tally.odd.length,
      },
    });
    expect({ wrong, unhandled, odd: [...new Set(tally.odd)] }).toEqual({ wrong: [], unhandled: [], odd: [] });
    expect(late).toBe(0);
    expect(worst(resumed)).toBeLessThan(RESUMED_MS);
    expect(worst(restarted)).toBeLessThan(RESTARTED_MS);
  },
);

/** Writers that go on whatever they are told, each on a path of its own. */
class Writers {
  readonly #chains: readonly Chain[];
  readonly #writing: readonly Promise<void>[];
  readonly #written: number[] = Array<number>(WRITERS).fill(0);
  #going = true;

  constructor(store: Store, tally: Tally, wrongs: Parameters<Chain['write']>[2]) {
    const random = seededRandom(WRITERS);
    this.#chains = this.#written.map((_, writer) => new Chain(`/writers/${writer}`, writer % 4 === 0 ? 3 : 1, random));
    this.#writing = this.#chains.map(async (chain, writer) => {
      while (this.#going) {
        const landed = await chain.write(store, tally, wrongs, 2000);
        if (landed) this.#written[writer] = (this.#written[writer] ?? 0) + 1;
        // While the server is away, every call fails at once.
        else await pause(10);
      }
    });
  }

  /** Resolves when each has written once more. */
  async untilEachHasWritten(): Promise<void> {
    const before = [...this.#written];
    const waitsFor = (): boolean => this.#written.some((count, writer) => count === before[writer]);
    for (const end = performance.now() + 60_000; waitsFor() && performance.now() < end;) await pause(5);
  }

  async end(): Promise<void> {
    this.#going = false;
    await Promise.all(this.#writing);
  }

  async check(store: Store, wrongs: Parameters<Chain['write']>[2]): Promise<void> {
    const found = await getMany(
      store,
      this.#chains.flatMap((chain) => chain.paths),
    );
    const ids = new Map(
      found.flatMap((each) => (each === undefined ? [] : [[each.path as string, idOf(each.body)] as const])),
    );
    for (const chain of this.#chains) chain.check(ids, wrongs, 'at the end');
  }
}
