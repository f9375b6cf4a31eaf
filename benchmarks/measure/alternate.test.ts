import { expect, test } from 'vitest';
import { alternate } from './alternate.ts';

test('all sides have their turn in each round, every other round from the end, and the first of each is no figure', async () => {
  const turns: string[] = [];
  const side = (name: string) => async () => turns.push(name);
  const rounds = await alternate({ ours: side('o'), peer: side('p') }, { budgetMs: 0, rounds: 3 });
  expect(turns.join('')).toBe('opoppoop');
  expect(rounds).toEqual({ ours: [3, 6, 7], peer: [4, 5, 8] });
});
