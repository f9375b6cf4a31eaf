import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonCodec } from '../src/codecs/json-codec.ts';
import { HoldfastError, isHoldfastError } from '../src/errors/holdfast-error.ts';
import { readRecord } from '../src/helpers/read-record.ts';
import { transact } from '../src/transact/transact.ts';
import type { Transaction } from '../src/transact/transaction.ts';
import { CommittingFilesystem } from './support/committing-filesystem.ts';
import { Shuffler } from './support/shuffler.ts';
import { failOnUnhandledRejections } from './support/unhandled.ts';

failOnUnhandledRejections();

/** Enough that nobody starves, and no wait that only costs time. */
const options = { maxAttempts: 10_000, backoffMinMs: 0, timeoutMs: 60_000 } as const;
const draws = fc.array(fc.nat(100), { minLength: 20, maxLength: 60 });
const log = jsonCodec<readonly string[]>({ kind: 'log' });

const PATHS = ['/a', '/b', '/c'] as const;
type Path = (typeof PATHS)[number];
type State = Readonly<Record<string, readonly string[] | undefined>>;

/** What a transaction does, one step after the other. */
interface Step {
  readonly path: Path;
  readonly does: 'look' | 'append' | 'replace' | 'delete';
}

interface Plan {
  readonly id: string;
  readonly steps: readonly Step[];
  /** Whether it throws what it saw, in the end. */
  readonly throws: boolean;
}

/** A transaction that has ended: what it saw, step by step, and when it was under way. */
interface Done {
  readonly plan: Plan;
  readonly saw: readonly (readonly string[] | undefined)[];
  /** `unknown` may have landed or not; then also what it saw is nobody's promise. */
  readonly outcome: 'landed' | 'unknown';
  readonly start: number;
  readonly end: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  path: fc.constantFrom(...PATHS),
  does: fc.constantFrom('look', 'look', 'append', 'append', 'replace', 'delete'),
});
const plans = fc
  .array(fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 4 }), throws: fc.boolean() }), {
    minLength: 2,
    maxLength: 4,
  })
  .map((all): Plan[] => all.map((plan, index) => ({ ...plan, id: `t${index}` })));

/** What a plan leads to where nobody else does anything, and what it sees. */
function simulate({ id, steps, throws }: Plan, before: State) {
  const state: Record<string, readonly string[] | undefined> = { ...before };
  const saw = steps.map(({ path, does }) => {
    const found = state[path];
    if (does === 'append') state[path] = [...(found ?? []), id];
    if (does === 'replace') state[path] = [id];
    if (does === 'delete') state[path] = undefined;
    return does === 'look' || does === 'append' ? found : undefined;
  });
  return { saw, state: throws ? before : state };
}

/** Whether there is an order, in which none comes before one that had ended when it began, that explains everything. */
function isSerializable(left: readonly Done[], state: State, final: State): boolean {
  if (left.length === 0) return same(state, final);
  return left.some((next) => {
    if (left.some((other) => other.end < next.start)) return false;
    const others = left.filter((other) => other !== next);
    const { saw, state: after } = simulate(next.plan, state);
    if (next.outcome === 'unknown' && isSerializable(others, state, final)) return true;
    return (next.outcome === 'unknown' || same(saw, next.saw)) && isSerializable(others, after, final);
  });
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

class Thrown extends Error {}

/** Runs the plans at once, their calls answered in the order that was drawn. */
async function runAll(filesystem: CommittingFilesystem, all: readonly Plan[], shuffler: Shuffler) {
  let now = 0;
  const work = all.map(async (plan): Promise<Done | undefined> => {
    now += 1;
    const start = now;
    let saw: (readonly string[] | undefined)[] = [];
    const run = async (tx: Transaction): Promise<void> => {
      saw = [];
      for (const { path, does } of plan.steps) {
        const found = does === 'look' || does === 'append' ? await tx.get(path, log) : undefined;
        saw.push(found);
        if (does === 'append') await tx.put(path, log, [...(found ?? []), plan.id]);
        if (does === 'replace') await tx.put(path, log, [plan.id]);
        if (does === 'delete') await tx.delete(path);
      }
      if (plan.throws) throw new Thrown();
    };
    const outcome = await transact(filesystem, run, options).then(
      () => 'landed' as const,
      (error: unknown) => {
        if (error instanceof Thrown) return 'landed' as const;
        if (isHoldfastError(error)) return error.outcome;
        throw error;
      },
    );
    now += 1;
    return outcome === 'not-applied' ? undefined : { plan, saw, outcome: outcome ?? 'unknown', start, end: now };
  });
  const done = (await shuffler.run(Promise.all(work))).filter((each) => each !== undefined);
  filesystem.heal();
  const records = await Promise.all(PATHS.map((path) => readRecord(filesystem, path, log)));
  const final: State = Object.fromEntries(PATHS.map((path, index) => [path, records[index]?.value]));
  return { done, final };
}

const NOTHING: State = Object.fromEntries(PATHS.map((path) => [path, undefined]));

test('transactions whose reads and commits are answered in any order can be put in one', async () => {
  await fc.assert(
    fc.asyncProperty(plans, draws, async (all, drawn) => {
      const filesystem = new CommittingFilesystem();
      const shuffler = new Shuffler(drawn);
      for (const call of ['_get', '_commit'] as const) {
        filesystem.before(call, shuffler.turn);
        filesystem.after(call, shuffler.turn);
      }
      const { done, final } = await runAll(filesystem, all, shuffler);
      expect(done).toHaveLength(all.length);
      expect(isSerializable(done, NOTHING, final)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('so can they with replies lost at random, where an error says that nobody knows, or that nothing was done', async () => {
  await fc.assert(
    fc.asyncProperty(plans, draws, async (all, drawn) => {
      const filesystem = new CommittingFilesystem();
      const shuffler = new Shuffler(drawn);
      const cut = async (): Promise<void> => {
        await shuffler.turn();
        if (shuffler.draw() % 5 === 0) throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
      };
      filesystem.before('_get', shuffler.turn);
      filesystem.before('_commit', cut);
      filesystem.after('_commit', cut);
      const { done, final } = await runAll(filesystem, all, shuffler);
      expect(isSerializable(done, NOTHING, final)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('a history that cannot be put in an order is told by these checks', () => {
  const plan = (id: string, ...steps: readonly Step[]): Plan => ({ id, steps, throws: false });
  const skew = (id: string, reads: Path, writes: Path) =>
    plan(id, { path: reads, does: 'look' }, { path: writes, does: 'replace' });
  const at = { outcome: 'landed', start: 1, end: 9 } as const;
  const both = [
    { ...at, plan: skew('t0', '/a', '/b'), saw: [undefined, undefined] },
    { ...at, plan: skew('t1', '/b', '/a'), saw: [undefined, undefined] },
  ];
  const final = { ...NOTHING, '/a': ['t1'], '/b': ['t0'] };
  expect(isSerializable(both, NOTHING, final)).toBe(false);
  const one = both.map((each, index) => (index === 1 ? { ...each, saw: [['t0'], undefined] } : each));
  expect(isSerializable(one, NOTHING, final)).toBe(true);
  const late = one.map((each, index) => ({ ...each, start: index === 0 ? 5 : 1, end: index === 0 ? 6 : 2 }));
  expect(isSerializable(late, NOTHING, final)).toBe(false);
});
