import { CasApply, type EntryInput } from '@holdfast/core';
import fc from 'fast-check';
import { copyOf, describeEntry, entries } from './entries.ts';

/** The value of a record in these tests: an entry as it is. */
export type Value = EntryInput;

/** What an `apply` does. The name is also the outcome it gives its caller. */
export type Decision =
  | { readonly do: 'write' | 'force'; readonly entry: Value }
  | { readonly do: 'write the current value' | 'force the current value' | 'change the current value in place' }
  | { readonly do: 'no-op' | 'delete' | 'throw' | 'no decision' };

/** Random decisions; those that write the current value create a record where there is none. */
export const decisions: fc.Arbitrary<Decision> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('write' as const, 'force' as const), entry: entries }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'write the current value' as const,
        'force the current value' as const,
        'change the current value in place' as const,
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('no-op' as const, 'delete' as const, 'throw' as const, 'no decision' as const),
    }),
  },
);

/** The value that a decision to write writes; `undefined` for the other decisions. May change `current`. */
export function nextOf(decision: Decision, current: Value | undefined): Value | undefined {
  switch (decision.do) {
    case 'write':
    case 'force':
      return copyOf(decision.entry);
    case 'write the current value':
    case 'force the current value':
      return current ?? { body: new Uint8Array([1]), kind: 'Created' };
    case 'change the current value in place':
      return changed(current ?? { body: new Uint8Array([1]), kind: 'Created' });
    default:
      return undefined;
  }
}

/** Carries out a decision. `own` is what it throws where it is to throw. */
export function decide(decision: Decision, current: Value | undefined, own: Error): CasApply<Value, Decision['do']> {
  const next = nextOf(decision, current);
  switch (decision.do) {
    case 'no-op':
      return CasApply.noOp(decision.do);
    case 'delete':
      return CasApply.delete(decision.do);
    case 'throw':
      throw own;
    case 'no decision':
      return { decision: 'write', next: current, outcome: 'no decision' } as unknown as CasApply<Value, Decision['do']>;
    case 'force':
    case 'force the current value':
      return CasApply.forceWrite(next as Value, decision.do);
    default:
      return CasApply.write(next as Value, decision.do);
  }
}

/** As an argument in the text of an operation. */
export function describeDecision(decision: Decision): string {
  return 'entry' in decision ? `${decision.do} ${describeEntry(decision.entry)}` : decision.do;
}

/** Changes the first byte, and the kind for those that have no byte. */
function changed(value: Value): Value {
  if (value.body.length > 0) value.body[0] = (value.body[0] ?? 0) ^ 1;
  Reflect.set(value, 'kind', value.kind === 'Changed' ? 'ChangedAgain' : 'Changed');
  return value;
}
