import { expect, test, vi } from 'vitest';
import { CasApply, isCasApply } from './cas-apply.ts';

test('a decision has what it was made with, and is frozen', () => {
  expect(CasApply.write(1, 'a')).toMatchObject({ decision: 'write', next: 1, outcome: 'a' });
  expect(CasApply.forceWrite(1, 'a')).toMatchObject({ decision: 'forceWrite', next: 1, outcome: 'a' });
  expect(CasApply.noOp('a')).toMatchObject({ decision: 'noOp', outcome: 'a' });
  expect(CasApply.delete('a')).toMatchObject({ decision: 'delete', outcome: 'a' });
  for (const made of [CasApply.write(1), CasApply.forceWrite(1), CasApply.noOp(), CasApply.delete()]) {
    expect(made.outcome).toBeUndefined();
    expect(Object.isFrozen(made)).toBe(true);
    expect(isCasApply(made)).toBe(true);
  }
  expect(Object.isFrozen(CasApply)).toBe(true);
});

test.each([
  undefined,
  null,
  1,
  'write',
  true,
  {},
  { decision: 'write', next: 1, outcome: undefined },
  JSON.parse(JSON.stringify(CasApply.write(1))) as unknown,
  structuredClone(CasApply.noOp()),
  [CasApply.write(1)],
  CasApply,
  CasApply.write,
])('%# is no decision', (value) => {
  expect(isCasApply(value)).toBe(false);
});

test('a decision that this release does not know is none, although it is branded', () => {
  const brand = Symbol.for('holdfast.cas-apply');
  for (const decision of ['append', 'toString', '__proto__', undefined, 1]) {
    expect(isCasApply({ [brand]: true, decision, outcome: undefined })).toBe(false);
  }
});

test('a decision of another copy of the package is one', async () => {
  vi.resetModules();
  const other = await import('./cas-apply.ts');
  expect(other.CasApply).not.toBe(CasApply);
  expect(isCasApply(other.CasApply.write(1))).toBe(true);
});
