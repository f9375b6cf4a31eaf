import { expect, it } from 'vitest';
import { compareAnswers, type Answer } from './compare-answers.ts';

const listing = { operation: 'list("/many")', promise: 'every child once' };

function names(count: number): string {
  return Array.from({ length: count }, (_, index) => `"n${index}"`).join(', ');
}

function refusal(answer: Pick<Answer, 'given' | 'right'>): string {
  try {
    compareAnswers(listing, 1, [{ id: 'adapter', ...answer }]);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no difference';
}

it('shows of long answers what is around their first difference', () => {
  const right = names(2000);
  const message = refusal({ given: right.replace('"n1500", ', ''), right: [right] });
  expect(message).toContain('adapter answered: … ');
  expect(message).toContain('"n1499", "n1501", ');
  expect(message).toContain('"n1499", "n1500", "n1501"');
  expect(message).not.toContain('"n1",');
  expect(message.length).toBeLessThan(2500);
});

it('shows the end of an answer that another one goes on from', () => {
  const right = names(2000);
  expect(refusal({ given: names(1990), right: [right] })).toMatch(/answered: … .*"n1989"\n.*"n1999"/);
});

it('shows short answers whole', () => {
  expect(refusal({ given: names(3), right: [names(4), 'nothing'] })).toContain(
    '  adapter answered: "n0", "n1", "n2"\n  the model answered: "n0", "n1", "n2", "n3"\n  or: nothing\n',
  );
});
