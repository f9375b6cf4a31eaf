import { expect, test } from 'vitest';
import { rejection } from '../../test/support/rejection.ts';
import { Series } from './series.ts';

test('what is kept for an owner is made once, and is its own', () => {
  const series = new Series();
  const [one, other] = [{}, {}];
  let made = 0;
  const make = (): number => (made += 1);
  expect([series.keep(one, make), series.keep(other, make), series.keep(one, make)]).toEqual([1, 2, 1]);
});

test('what was kept last ends first, and what is before it hears what went wrong', async () => {
  const series = new Series();
  const seen: unknown[] = [];
  const boom = new Error('boom');
  series.onEnd((failed) => void seen.push(['outer', failed?.thrown]));
  series.onEnd(() => {
    seen.push('inner');
    throw boom;
  });
  series.onEnd((failed) => void seen.push(['innermost', failed?.thrown]));
  expect(await rejection(series.end())).toBe(boom);
  expect(seen).toEqual([['innermost', undefined], 'inner', ['outer', boom]]);
  await series.end();
  expect(seen).toHaveLength(3);
});

test('a part ends with the whole, and what it fails with is told as is said there', async () => {
  const series = new Series();
  const owner = {};
  const told = new Error('told');
  const part = series.part(owner, () => told);
  expect(series.part(owner, () => told)).toBe(part);
  part.onEnd(() => {
    throw new Error('below');
  });
  expect(await rejection(series.end())).toBe(told);
});
