import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ContractViolation } from '../support/check.ts';
import { checkTransactions, isSerializable } from './check-transactions.ts';
import type { TransactionEvent } from './transaction-event.ts';

type Values = TransactionEvent['reads'];

function did(
  name: string,
  [start, end]: readonly [number, number],
  reads: Values,
  writes: Values = {},
  outcome: TransactionEvent['outcome'] = 'committed',
): TransactionEvent {
  return { name, start, end, reads, writes, outcome };
}

const nothing = undefined;

/** What is there in the beginning of most of these. */
const first = did('first', [1, 2], {}, { a: 'a0', b: 'b0', c: 'c0' });

describe('a history is accepted in which', () => {
  test.each<[string, TransactionEvent[]]>([
    ['nothing happened', []],
    ['one after the other saw what the one before had left', [
      first,
      did('T', [3, 4], { a: 'a0' }, { a: 'a1', b: 'b1' }),
      did('U', [5, 6], { a: 'a1', b: 'b1' }, { a: nothing }),
      did('V', [7, 8], { a: nothing, b: 'b1' }, { a: 'a2' }),
    ]],
    ['two at once on different keys were read in one order', [
      first,
      did('T', [3, 9], { a: 'a0' }, { a: 'a1' }),
      did('U', [3, 9], { b: 'b0' }, { b: 'b1' }),
      did('R', [4, 8], { a: 'a0', b: 'b1' }),
      did('S', [5, 8], { a: 'a0', b: 'b1' }),
    ]],
    ['a read saw what was there before one that was under way', [
      first,
      did('T', [3, 9], { a: 'a0' }, { a: 'a1', b: 'b1' }),
      did('R', [4, 5], { a: 'a0', b: 'b0' }),
      did('S', [6, 7], { a: 'a1', b: 'b1' }),
    ]],
    ['one of unknown outcome was never seen', [
      first,
      did('T', [3, 4], { a: 'a0' }, { a: 'a1' }, 'unknown'),
      did('U', [5, 6], { a: 'a0' }, { a: 'a2' }),
    ]],
    ['one of unknown outcome landed long after', [
      first,
      did('T', [3, 4], { a: 'a0' }, { a: 'a1', b: 'b1' }, 'unknown'),
      did('R', [5, 6], { a: 'a0', b: 'b0' }),
      did('S', [7, 8], { a: 'a1' }),
    ]],
    ['a delete of unknown outcome explains that nothing is there', [
      first,
      did('T', [3, 4], { a: 'a0' }, { a: nothing }, 'unknown'),
      did('R', [5, 6], { a: 'a0' }),
      did('S', [7, 8], { a: nothing, b: 'b0' }),
    ]],
    ['one of unknown outcome was seen by another of which somebody saw what it left', [
      first,
      did('T', [3, 4], { a: 'a0' }, { a: 'a1' }, 'unknown'),
      did('U', [3, 4], { a: 'a1' }, { b: 'b1' }, 'unknown'),
      did('R', [5, 6], { b: 'b1' }),
    ]],
    ['writes that read nothing can have come in an order', [
      did('T', [1, 9], {}, { a: 'a1', b: 'b1' }),
      did('U', [1, 9], {}, { a: 'a2', b: 'b2' }),
      did('R', [2, 4], { a: 'a2', b: 'b2' }),
      did('S', [10, 11], { a: 'a1', b: 'b1' }),
    ]],
    ['one that was not applied saw what never was at one moment', [
      first,
      did('T', [3, 4], { a: 'a0' }, { a: 'a1', b: 'b1' }),
      did('U', [3, 5], { a: 'a0', b: 'b1' }, { c: 'c1' }, 'not-applied'),
    ]],
    ['an entry was deleted and made again while others looked', [
      first,
      did('T', [3, 20], { a: 'a0' }, { a: nothing }),
      did('U', [3, 20], { a: nothing }, { a: 'a1' }),
      did('V', [3, 20], { a: 'a1' }, { a: nothing }),
      did('R', [4, 19], { a: nothing, b: 'b0' }),
    ]],
  ])('%s', (_, events) => {
    expect(isSerializable(events)).toBe(true);
    expect(() => checkTransactions(events)).not.toThrow();
  });
}); // prettier-ignore

describe('a history is refused, and why is told, in which', () => {
  test.each<[string, TransactionEvent[], string[]]>([
    ['an update was lost', [
      first,
      did('T', [3, 9], { a: 'a0' }, { a: 'a1' }),
      did('U', [3, 9], { a: 'a0' }, { a: 'a2' }),
    ], ['T read a as a0, which U replaced', 'U read a as a0, which T replaced']],
    ['two who look at each other’s key write their own: a write skew', [
      first,
      did('T', [3, 9], { a: 'a0', b: 'b0' }, { a: 'a1' }),
      did('U', [3, 9], { a: 'a0', b: 'b0' }, { b: 'b1' }),
    ], ['T read b as b0, which U replaced', 'U read a as a0, which T replaced']],
    ['three do so in a ring', [
      first,
      did('T', [3, 9], { a: 'a0', b: 'b0' }, { a: 'a1' }),
      did('U', [3, 9], { b: 'b0', c: 'c0' }, { b: 'b1' }),
      did('V', [3, 9], { c: 'c0', a: 'a0' }, { c: 'c1' }),
    ], ['T read b as b0, which U replaced', 'U read c as c0, which V replaced', 'V read a as a0, which T replaced']],
    ['two find nothing at each other’s key, and write their own', [
      did('T', [3, 9], { a: nothing, b: nothing }, { a: 'a1' }),
      did('U', [3, 9], { a: nothing, b: nothing }, { b: 'b1' }),
    ], ['T found nothing at b, where U wrote', 'U found nothing at a, where T wrote']],
    ['half of what one wrote was seen: a read skew', [
      first,
      did('T', [3, 9], { a: 'a0', b: 'b0' }, { a: 'a1', b: 'b1' }),
      did('R', [4, 8], { a: 'a1', b: 'b0' }),
    ], ['T wrote a, which R read', 'R read b as b0, which T replaced']],
    ['a read saw what had been replaced before it began', [
      first,
      did('T', [3, 4], { a: 'a0' }, { a: 'a1' }),
      did('R', [5, 6], { a: 'a0' }),
    ], ['T had ended, at 4, when R began, at 5', 'R read a as a0, which T replaced']],
    ['two saw what the other left: circular information flow', [
      first,
      did('T', [3, 9], { b: 'b1' }, { a: 'a1' }),
      did('U', [3, 9], { a: 'a1' }, { b: 'b1' }),
    ], ['T wrote a, which U read', 'U wrote b, which T read']],
    ['two saw two others in opposite orders: a long fork', [
      first,
      did('T', [3, 9], { a: 'a0' }, { a: 'a1' }),
      did('U', [3, 9], { b: 'b0' }, { b: 'b1' }),
      did('R', [4, 8], { a: 'a1', b: 'b0' }),
      did('S', [4, 8], { a: 'a0', b: 'b1' }),
    ], ['T wrote a, which R read', 'R read b as b0, which U replaced', 'U wrote b, which S read', 'S read a as a0, which T replaced']],
    ['one of unknown outcome landed by half', [
      first,
      did('T', [3, 4], { a: 'a0', b: 'b0' }, { a: 'a1', b: 'b1' }, 'unknown'),
      did('R', [5, 6], { a: 'a1', b: 'b0' }),
    ], ['T wrote a, which R read', 'R read b as b0, which T replaced']],
    ['one of unknown outcome landed before it began', [
      first,
      did('R', [3, 4], { a: 'a1' }),
      did('T', [5, 6], { a: 'a0' }, { a: 'a1' }, 'unknown'),
    ], ['R had ended, at 4, when T began, at 5', 'T wrote a, which R read']],
  ])('%s', (_, events, why) => {
    expect(isSerializable(events)).toBe(false);
    const told = reasonOf(events);
    const lines = told.split('\n  ').slice(1);
    expect(told).toMatch(/^expected transactions .* each of these has to come before the next:/);
    // A circle begins wherever it is entered.
    expect(lines.toSorted()).toEqual(why.toSorted());
  });
}); // prettier-ignore

function reasonOf(events: readonly TransactionEvent[]): string {
  try {
    checkTransactions(events);
  } catch (error) {
    if (error instanceof ContractViolation) return error.message;
    throw error;
  }
  return 'accepted';
}

test('what was seen and never written, or said not to have been, is told by itself', () => {
  const aborted = did('T', [3, 4], { a: 'a0' }, { a: 'a1' }, 'not-applied');
  expect(reasonOf([first, aborted, did('R', [5, 6], { a: 'a1' })])).toBe(
    'expected nobody to see a transaction that said it was not applied; R read a as T wrote it',
  );
  expect(reasonOf([first, did('R', [5, 6], { a: 'a9' })])).toBe(
    'expected R to see what somebody wrote; it read a as a9, which nobody did',
  );
});

test('where no circle is certain, those are told that have no order, and no others', () => {
  const beside = Array.from({ length: 10 }, (_, index) => did(`R${index}`, [20 + index, 30], { c: 'c0' }));
  const events = [
    first,
    did('T', [3, 9], {}, { a: 'a1', b: 'b1' }),
    did('U', [3, 9], {}, { a: 'a2', b: 'b2' }),
    ...beside,
    did('S', [40, 41], { a: 'a1', b: 'b2' }),
  ];
  expect(reasonOf(events).split('\n  ')).toEqual([
    'expected transactions that could have been done one after the other; these could not in any order:',
    '3–9 T left a a1, b b1: committed',
    '3–9 U left a a2, b b2: committed',
    '40–41 S read a as a1, b as b2: committed',
  ]);
});

test('what is told leaves out no delete that explains what another found', () => {
  const events = [
    first,
    did('D', [3, 4], {}, { c: nothing }),
    did('T', [7, 9], {}, { a: 'a1', b: 'b1' }),
    did('U', [7, 9], {}, { a: 'a2', b: 'b2' }),
    did('S', [40, 41], { a: 'a1', b: 'b2' }),
    did('N', [5, 6], { a: 'a0', c: nothing }),
  ];
  expect(reasonOf(events).split('\n  ').slice(1)).toEqual([
    '7–9 T left a a1, b b1: committed',
    '7–9 U left a a2, b b2: committed',
    '40–41 S read a as a1, b as b2: committed',
  ]);
});

const KEYS = ['a', 'b', 'c'];

/** A few transactions at random: what they saw may have been so or not. */
const small = fc
  .array(
    fc.record({
      start: fc.nat(6),
      length: fc.nat(6),
      reads: fc.array(fc.tuple(fc.constantFrom(...KEYS), fc.option(fc.nat(5), { nil: undefined })), { maxLength: 2 }),
      writes: fc.array(fc.tuple(fc.constantFrom(...KEYS), fc.boolean()), { maxLength: 2 }),
      outcome: fc.constantFrom('committed' as const, 'committed' as const, 'unknown' as const),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((given) =>
    given.map(({ start, length, reads, writes, outcome }, index): TransactionEvent => {
      // Whoever saw a value saw one that some transaction wrote at that key.
      const saw = reads.flatMap(([key, from]): (readonly [string, string | undefined])[] => {
        if (from === undefined) return [[key, undefined]];
        const wrote = from !== index && given[from]?.writes.findLast(([written]) => written === key)?.[1] === true;
        return wrote ? [[key, `${from}`]] : [];
      });
      return {
        name: `T${index}`,
        start: 2 * start,
        end: 2 * (start + length) + 1,
        reads: Object.fromEntries(saw),
        writes: Object.fromEntries(writes.map(([key, puts]) => [key, puts ? `${index}` : undefined])),
        outcome,
      };
    }),
  );

/** The same by trying every order of every set of them that may have been done. */
function byBruteForce(events: readonly TransactionEvent[], there: Values = {}): boolean {
  if (events.every(({ outcome }) => outcome === 'unknown')) return true;
  return events.some((event) => {
    const others = events.filter((other) => other !== event);
    const isTooEarly = others.some(({ outcome, end }) => outcome === 'committed' && end < event.start);
    const sees = Object.entries(event.reads).every(([key, value]) => there[key] === value);
    return !isTooEarly && sees && byBruteForce(others, { ...there, ...event.writes });
  });
}

test('of small histories the same are accepted as by trying every order', () => {
  let accepted = 0;
  fc.assert(
    fc.property(small, (events) => {
      const expected = byBruteForce(events);
      accepted += expected ? 1 : 0;
      expect(isSerializable(events)).toBe(expected);
      expect(reasonOf(events) === 'accepted').toBe(expected);
    }),
    { numRuns: 1500 },
  );
  expect(accepted).toBeGreaterThan(150);
});

/** Makes a history out of what was really done, each transaction at a random moment of its own. */
function historyOf(seeds: readonly Seed[], keys: number): TransactionEvent[] {
  const there = new Map<string, string>();
  return seeds.map(({ kind, key, early, late }, index) => {
    const [one, other] = [`/${key % keys}`, `/${(key * 7 + index) % keys}`];
    const reads = kind === 4 ? {} : { [one]: there.get(one), [other]: there.get(other) };
    const value = kind === 1 ? undefined : `${index}`;
    const writes = kind === 0 ? {} : kind === 2 ? { [one]: value } : { [one]: value, [other]: value };
    for (const [written, left] of Object.entries(writes)) {
      if (left === undefined) there.delete(written);
      else there.set(written, left);
    }
    const outcome = kind === 3 && late === 0 ? 'unknown' : 'committed';
    return { name: `T${index}`, start: index * 10 - early, end: index * 10 + 1 + late, reads, writes, outcome };
  });
}

interface Seed {
  readonly kind: number;
  readonly key: number;
  readonly early: number;
  readonly late: number;
}

const seeds = fc.array(fc.record({ kind: fc.nat(5), key: fc.nat(30), early: fc.nat(60), late: fc.nat(60) }), {
  maxLength: 60,
});

test('no history is refused of transactions that were done at one moment each', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 6 }), (given, keys) => {
      expect(isSerializable(historyOf(given, keys))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a history may have more transactions than a stack has frames', () => {
  // Of two that replace what neither has seen, one after the other is tried.
  const pairs = Array.from({ length: 8_000 }, (_, pair) =>
    [0, 1].map((nth) =>
      did(`${pair}.${nth}`, [4 * pair + 1, 4 * pair + 4], {}, { [`k${pair % 20}`]: `${pair}.${nth}` }),
    ),
  ).flat();
  expect(isSerializable(pairs)).toBe(true);
});

test('a history of a thousand transactions of sixteen workers is checked, and what is wrong with it is found', () => {
  const given = Array.from({ length: 1000 }, (_, index) => {
    return { kind: (index * 7) % 6, key: (index * 13) % 31, early: 75, late: 75 };
  });
  const history = historyOf(given, 12);
  expect(isSerializable(history)).toBe(true);
  const stale = history.findIndex(({ reads, start }) => start > 5000 && Object.values(reads)[0] !== undefined);
  const { reads } = history[stale] as TransactionEvent;
  const [key = ''] = Object.keys(reads);
  const old = history.find(({ writes }) => writes[key] !== undefined)?.writes[key];
  const wrong = history.map((event, index) =>
    index === stale ? { ...event, reads: { ...reads, [key]: old } } : event,
  );
  expect(reasonOf(wrong)).toContain(`T${stale} read ${key} as ${old}`);
});
