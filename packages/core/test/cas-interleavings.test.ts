import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CasApply } from '../src/cas/cas-apply.ts';
import { casUpdate } from '../src/cas/cas-update.ts';
import { jsonCodec } from '../src/codecs/json-codec.ts';
import type { EntryInput } from '../src/entries/entry.ts';
import { HoldfastError, isHoldfastError } from '../src/errors/holdfast-error.ts';
import { textOf } from './support/bytes.ts';
import { MapFilesystem } from './support/map-filesystem.ts';
import { PlainFilesystem } from './support/plain-filesystem.ts';
import { Shuffler } from './support/shuffler.ts';
import { failOnUnhandledRejections } from './support/unhandled.ts';

failOnUnhandledRejections();

/** Enough that nobody starves, and no wait that only costs time. */
const limits = { maxAttempts: 10_000, backoffMinMs: 0, timeoutMs: 60_000 } as const;
const combined = fc.boolean().map((combine) => ({ ...limits, combine }));
const draws = fc.array(fc.nat(100), { minLength: 20, maxLength: 60 });
const log = jsonCodec<readonly string[]>({ kind: 'log' });
const counter = jsonCodec<number>({ kind: 'counter' });

interface Event {
  readonly tag: string | undefined;
  readonly saw: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** A clock that ticks once for everything that happens. */
function ticker(): () => number {
  let now = 0;
  return () => (now += 1);
}

/**
 * Checks that events are those of a list to which one after the other was appended. What each event saw must be
 * a beginning of the list, and one that began after another had ended must have seen no less.
 */
function expectLinearizable(events: readonly Event[], final: readonly string[]): void {
  for (const { tag, saw } of events) {
    expect(saw).toEqual(final.slice(0, saw.length));
    if (tag !== undefined) expect(saw.at(-1)).toBe(tag);
  }
  for (const first of events) {
    for (const second of events) {
      if (first.end >= second.start) continue;
      expect(second.saw.length).toBeGreaterThanOrEqual(first.saw.length + (second.tag === undefined ? 0 : 1));
    }
  }
}

test('updates whose reads and writes are answered in any order can be put in one', async () => {
  const writers = fc.array(fc.array(fc.constantFrom('append', 'look'), { minLength: 1, maxLength: 4 }), {
    minLength: 2,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(writers, draws, combined, async (plans, drawn, options) => {
      const filesystem = new PlainFilesystem();
      const shuffler = new Shuffler(drawn);
      filesystem.before = shuffler.turn;
      filesystem.after = shuffler.turn;
      const tick = ticker();
      const events: Event[] = [];
      const work = plans.map(async (plan, writer) => {
        for (const [step, what] of plan.entries()) {
          const tag = what === 'append' ? `${writer}.${step}` : undefined;
          const start = tick();
          const { snapshot } = await casUpdate(
            filesystem.asRoot,
            '/log',
            log,
            async (current = []) => {
              await shuffler.turn();
              return tag === undefined ? CasApply.noOp() : CasApply.write([...current, tag]);
            },
            options,
          );
          events.push({ tag, saw: snapshot ?? [], start, end: tick() });
        }
      });
      await shuffler.run(Promise.all(work));
      const { snapshot: final = [] } = await lookAt(filesystem);
      const appended = plans.flatMap((plan, writer) =>
        plan.flatMap((what, step) => (what === 'append' ? [`${writer}.${step}`] : [])),
      );
      expect(final.toSorted()).toEqual(appended.toSorted());
      expectLinearizable(events, final);
    }),
    { numRuns: 60 },
  );
});

async function lookAt(filesystem: PlainFilesystem): Promise<{ snapshot: readonly string[] | undefined }> {
  filesystem.before = () => {};
  filesystem.after = () => {};
  return await casUpdate(filesystem.asRoot, '/log', log, () => CasApply.noOp());
}

test('what increments add and deletes take away is exact, in whatever order they are answered', async () => {
  const kinds = fc.array(fc.constantFrom('add', 'add', 'take'), { minLength: 2, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(kinds, draws, combined, async (plan, drawn, options) => {
      const filesystem = new PlainFilesystem();
      const shuffler = new Shuffler(drawn);
      filesystem.before = shuffler.turn;
      filesystem.after = shuffler.turn;
      const work = plan.map(async (kind) => {
        const { outcome } = await casUpdate(
          filesystem.asRoot,
          '/n',
          counter,
          (n) => (kind === 'add' ? CasApply.write((n ?? 0) + 1, 0) : CasApply.delete(n ?? 0)),
          options,
        );
        return outcome;
      });
      const taken = (await shuffler.run(Promise.all(work))).reduce((sum, it) => sum + it, 0);
      const left = filesystem.current === undefined ? 0 : Number(new TextDecoder().decode(filesystem.current.body));
      expect(taken + left).toBe(plan.filter((kind) => kind === 'add').length);
    }),
    { numRuns: 60 },
  );
});

test('with replies lost at random an update is applied exactly once, or its error says that nobody knows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 6 }), draws, combined, async (writers, drawn, options) => {
      const filesystem = new MapFilesystem();
      const shuffler = new Shuffler(drawn);
      const cut = (): void => {
        if (shuffler.draw() % 5 === 0) throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
      };
      for (const call of ['_get', '_put'] as const) {
        filesystem.before(call, async () => {
          await shuffler.turn();
          if (call === '_put') cut();
        });
        filesystem.after(call, async () => {
          await shuffler.turn();
          if (call === '_put') cut();
        });
      }
      const work = Array.from({ length: writers }, async (_, writer) => {
        const append = (current: readonly string[] = []) => CasApply.write([...current, String(writer)]);
        try {
          await casUpdate(filesystem, '/log', log, append, options);
          return 'applied';
        } catch (error) {
          if (!isHoldfastError(error)) throw error;
          return error.outcome;
        }
      });
      const outcomes = await shuffler.run(Promise.all(work));
      filesystem.heal();
      const { snapshot: final = [] } = await casUpdate(filesystem, '/log', log, () => CasApply.noOp());
      for (const [writer, outcome] of outcomes.entries()) {
        const times = final.filter((it) => it === String(writer)).length;
        if (outcome === 'applied') expect(times).toBe(1);
        else if (outcome === 'not-applied') expect(times).toBe(0);
        else expect(times).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 60 },
  );
});

test('a store that lets two writers replace one version is told by these checks', async () => {
  const filesystem = new PlainFilesystem();
  // Conditional in name only: it replaces whatever is there when its turn comes.
  Object.assign(filesystem, {
    put: async (path: string, entry: EntryInput) => {
      await shuffler.turn();
      const version = `v.${textOf(entry)}`;
      Object.assign(filesystem, { current: { path, version, indexed: undefined, ...entry } });
      return { version };
    },
  });
  const shuffler = new Shuffler([0]);
  filesystem.before = shuffler.turn;
  const append = (tag: string) =>
    casUpdate(filesystem.asRoot, '/log', log, (current = []) => CasApply.write([...current, tag]), {
      ...limits,
      combine: false,
    });
  const results = await shuffler.run(Promise.all([append('a'), append('b')]));
  const { snapshot: final = [] } = await lookAt(filesystem);
  const events = results.map(({ snapshot }) => ({ tag: snapshot.at(-1), saw: snapshot, start: 1, end: 9 }));
  expect(final).toHaveLength(1);
  expect(() => expectLinearizable(events, final)).toThrow('to deeply equal');
});
