import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ContractViolation } from '../support/check.ts';
import { checkHistory } from './check-history.ts';
import type { HistoryEvent, WriteEvent } from './history.ts';

function read(saw: string | undefined, start: number, end: number = start + 1): HistoryEvent {
  return { type: 'read', saw, start, end };
}

function write(
  tag: string,
  onTopOf: string | undefined,
  outcome: WriteEvent['outcome'],
  start: number,
  end: number = start + 1,
): WriteEvent {
  return { type: 'write', tag, onTopOf, outcome, start, end };
}

describe('a history is accepted', () => {
  test.each<[string, HistoryEvent[]]>([
    ['that is empty', []],
    ['in which nothing was ever written', [read(undefined, 0), read(undefined, 2)]],
    ['of one writer', [read(undefined, 0), write('a', undefined, 'applied', 2), read('a', 4)]],
    [
      'of two racers, one of whom was refused',
      [write('a', undefined, 'applied', 0, 5), write('b', undefined, 'not-applied', 1, 4), read('a', 6)],
    ],
    [
      'of a chain of several writers',
      [
        write('a', undefined, 'applied', 0),
        write('b', 'a', 'applied', 2),
        write('x', 'a', 'not-applied', 3),
        write('c', 'b', 'applied', 4),
      ],
    ],
    [
      'in which reads that overlap a write see the old value or the new one',
      [write('a', undefined, 'applied', 0, 10), read(undefined, 1), read('a', 2), read('a', 12)],
    ],
    [
      'in which a write of unknown outcome never landed',
      [write('a', undefined, 'applied', 0), write('x', 'a', 'unknown', 2), write('b', 'a', 'applied', 4), read('b', 6)],
    ],
    [
      'in which a write of unknown outcome landed and was read',
      [write('a', undefined, 'applied', 0), write('b', 'a', 'unknown', 2), read('b', 4)],
    ],
    [
      'in which a write of unknown outcome landed and was built on',
      [write('a', undefined, 'unknown', 0), write('b', 'a', 'applied', 2), read('b', 4)],
    ],
    [
      'in which a write of unknown outcome landed long after its caller had stopped waiting',
      [write('a', undefined, 'applied', 0), write('b', 'a', 'unknown', 2, 3), read('a', 5), read('b', 7)],
    ],
  ])('%s', (_what, events) => {
    expect(() => checkHistory(events)).not.toThrow();
    expect(() => checkHistory(events.toReversed())).not.toThrow();
  });
});

describe('a history is rejected', () => {
  test.each<[string, string, HistoryEvent[]]>([
    [
      'in which an update was lost',
      'both a and b replaced no entry',
      [write('a', undefined, 'applied', 0), write('b', undefined, 'applied', 1)],
    ],
    [
      'in which two writes replaced one value',
      'both b and c replaced a',
      [write('a', undefined, 'applied', 0), write('b', 'a', 'applied', 2), write('c', 'a', 'applied', 3)],
    ],
    [
      'in which an unknown write that was seen and an acknowledged one replaced one value',
      'both b and c replaced a',
      [write('a', undefined, 'applied', 0), write('b', 'a', 'unknown', 2), read('b', 4), write('c', 'a', 'applied', 6)],
    ],
    [
      'in which a refused write landed',
      'the refused write b landed',
      [write('a', undefined, 'applied', 0), write('b', 'a', 'not-applied', 2), read('b', 4)],
    ],
    [
      'in which a refused write was built on',
      'the refused write a landed',
      [write('a', undefined, 'not-applied', 0), write('b', 'a', 'applied', 2)],
    ],
    [
      'in which an acknowledged write is on top of something that never was',
      'the acknowledged write b was lost',
      [write('b', 'a', 'applied', 2)],
    ],
    ['in which a read saw what nobody wrote', 'a read saw x', [write('a', undefined, 'applied', 0), read('x', 2)]],
    [
      'in which an acknowledged write was not seen afterwards',
      'a read stands at 0',
      [write('a', undefined, 'applied', 0), read(undefined, 2)],
    ],
    [
      'in which a read was stale in real time',
      'a read stands at 1',
      [write('a', undefined, 'applied', 0), write('b', 'a', 'applied', 2), read('a', 4)],
    ],
    [
      'in which a later read saw less than an earlier one',
      'a read stands at 0',
      [write('a', undefined, 'applied', 0, 10), read('a', 2), read(undefined, 4)],
    ],
    [
      'in which a write was read before it began',
      'a write stands at 1',
      [read('a', 0), write('a', undefined, 'applied', 2)],
    ],
    [
      'in which a write was built on before it began',
      'a write stands at 1',
      [write('b', 'a', 'applied', 0), write('a', undefined, 'applied', 2)],
    ],
  ])('%s', (_what, reason, events) => {
    expect(() => checkHistory(events)).toThrow(reason);
    expect(() => checkHistory(events.toReversed())).toThrow(ContractViolation);
  });
});

/** What a client of a perfect register does at one moment, and how much longer than that its call seems to take. */
const steps = fc.array(
  fc.record({
    client: fc.nat(3),
    does: fc.constantFrom('read', 'write'),
    before: fc.nat(30),
    after: fc.nat(30),
    replyLost: fc.boolean(),
  }),
  { maxLength: 60 },
);

type Steps = typeof steps extends fc.Arbitrary<infer S> ? S : never;

/** The history of a perfect register. Each step takes effect at its own moment, ten apart. */
function perfect(script: Steps): HistoryEvent[] {
  let stored: string | undefined;
  const known = new Map<number, string | undefined>();
  return script.map(({ client, does, before, after, replyLost }, index) => {
    const [start, end] = [10 * index - before, 10 * index + after];
    if (does === 'read') {
      known.set(client, stored);
      return read(stored, start, end);
    }
    const onTopOf = known.get(client);
    const tag = `${client}.${index}`;
    const lands = onTopOf === stored;
    if (lands) stored = tag;
    if (!replyLost && lands) known.set(client, tag);
    return write(tag, onTopOf, replyLost ? 'unknown' : lands ? 'applied' : 'not-applied', start, end);
  });
}

describe('the history of a perfect register', () => {
  test('is accepted, however its calls overlap and whichever replies are lost', () => {
    fc.assert(
      fc.property(steps, (script) => {
        expect(() => checkHistory(perfect(script))).not.toThrow();
      }),
    );
  });

  test('is accepted in any order of its events', () => {
    const shuffled = steps.chain((script) => {
      const events = perfect(script);
      return fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length });
    });
    fc.assert(
      fc.property(shuffled, (events) => {
        expect(() => checkHistory(events)).not.toThrow();
      }),
    );
  });

  test('is rejected once a second write on top of one that was replaced is acknowledged', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const events = perfect(script);
        const replaced = events.find((event) => event.type === 'write' && event.outcome === 'applied');
        if (replaced === undefined) return;
        const again = { ...(replaced as WriteEvent), tag: 'again' };
        expect(() => checkHistory([...events, again])).toThrow(ContractViolation);
      }),
    );
  });

  test('is rejected once a read at the very end sees the beginning', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const events = perfect(script);
        const written = events.some((event) => event.type === 'write' && event.outcome === 'applied');
        fc.pre(written);
        expect(() => checkHistory([...events, read(undefined, 10_000)])).toThrow(ContractViolation);
      }),
    );
  });
});
