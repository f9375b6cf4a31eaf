import { randomInt } from 'node:crypto';
import { FaultProxy } from '@holdfast/contract';
import { expect, test } from 'vitest';
import { howMany } from '../figures/how-many.ts';
import { noteFigures } from '../figures/note-figures.ts';
import { WIRE_BACKENDS, type Place, type WireBackend } from './backends.ts';
import { Burst } from './burst.ts';
import { countLostReplies } from './lost-replies.ts';
import { randomFault, type Traffic } from './random-fault.ts';
import { seededRandom } from './seeded-random.ts';
import { Tally } from './told.ts';

/** How many stores are under faults at once, each behind a proxy of its own. */
const LANES = 4;

/** How many faults there are in one burst at most. */
const AT_ONCE = 5;

const minutes = 60_000;

test.for(WIRE_BACKENDS)(
  'whatever becomes of what is on its way to $name and back, nothing is applied twice, lost, or there although it was said not to be',
  { timeout: 30 * minutes },
  async (backend, context) => {
    const seed = Number(process.env['HOLDFAST_FAULTS_SEED'] ?? randomInt(2 ** 31));
    const told = { tally: new Tally(), wrongs: { lost: [], appliedTwice: [], falselyNotApplied: [], torn: [] } };
    const place = backend.place();
    const wanted = howMany(1000);
    let [faults, lostReplies] = [0, 0];
    try {
      await using witness = await place.open();
      const lanes = Array.from({ length: LANES }, (_, lane) =>
        bursts({ backend, place, lane, random: seededRandom(seed + lane), told }, (more) => (faults += more) < wanted),
      );
      const done = await Promise.all(lanes);
      lostReplies = done.reduce((sum, lane) => sum + lane.lostReplies, 0);
      // Now everything has arrived that ever will.
      for (const burst of done.flatMap((lane) => lane.bursts)) await burst.check(witness, 'at the end');
    } finally {
      await place.remove();
    }
    const { tally, wrongs } = told;
    const { landed, unknown } = tally;
    const notApplied = tally['not-applied'];
    noteFigures(context, {
      promise: 'faults on the wire',
      where: backend.name,
      counts: {
        faults,
        acknowledged: landed,
        'replies lost': lostReplies,
        resolved: lostReplies - unknown,
        unknown,
        'not applied': notApplied,
        'applied twice': wrongs.appliedTwice.length,
        lost: wrongs.lost.length,
        "false 'not applied'": wrongs.falselyNotApplied.length,
        torn: wrongs.torn.length,
        untyped: tally.odd.length,
      },
    });
    expect({ ...wrongs, odd: [...new Set(tally.odd)] }, `seed ${seed}`).toEqual({
      lost: [],
      appliedTwice: [],
      falselyNotApplied: [],
      torn: [],
      odd: [],
    });
    expect(faults).toBeGreaterThanOrEqual(wanted);
    expect(lostReplies).toBeGreaterThan(0);
  },
);

interface Lane {
  readonly backend: WireBackend;
  readonly place: Place;
  readonly lane: number;
  readonly random: () => number;
  readonly told: ConstructorParameters<typeof Burst>[2];
}

/** One burst after the other through one proxy, until there were enough faults. */
async function bursts({ backend, place, lane, random, told }: Lane, goesOn: (faults: number) => boolean) {
  await using proxy = await FaultProxy.start({ target: backend.url() });
  await using witness = await place.open();
  await using store = await place.open((url) => proxy.through(url));
  const lostReplies = countLostReplies(store);
  const done: Burst[] = [];
  let traffic: Traffic | undefined;
  for (let faults = 0; goesOn(faults);) {
    const burst = new Burst(`/lane-${lane}/${done.length}`, random, told);
    done.push(burst);
    const usual = traffic;
    // The first shows how much there is to pass.
    const rules = usual === undefined ? [] : Array.from({ length: AT_ONCE }, () => randomFault(usual, random));
    const ran = await burst.run(store, proxy, rules);
    traffic ??= ran.traffic;
    faults = ran.faults;
    await burst.check(witness, 'at once');
  }
  return { bursts: done, lostReplies: lostReplies() };
}
