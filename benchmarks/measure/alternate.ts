import type { Effort } from './effort.ts';

/** What each side measured, one value for each round. */
export type Rounds<Side extends string> = Readonly<Record<Side, readonly number[]>>;

/**
 * Measures several sides in turn, so that whatever else the machine does meets all of them: first each once for nothing, then
 * rounds until the budget is spent, and no fewer than the effort says. Every other round goes through them from the end.
 */
export async function alternate<Side extends string>(
  sides: Readonly<Record<Side, () => Promise<number>>>,
  { budgetMs, rounds }: Effort,
): Promise<Rounds<Side>> {
  const names = Object.keys(sides) as Side[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>;
  const atFirst = performance.now();
  for (const name of names) await sides[name]();
  const began = performance.now();
  const warmUp = began - atFirst;
  for (let round = 0; round < rounds || hasTimeFor(round); round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) measured[name].push(await sides[name]());
  }
  return measured;

  /** Whether one more round as long as those so far would end in time. */
  function hasTimeFor(done: number): boolean {
    const spent = performance.now() - began;
    return spent + spent / done <= budgetMs - warmUp;
  }
}
