import type { CounterStore } from '../records/counter-store.ts';
import { alternate, type Rounds } from './alternate.ts';
import { closedLoop } from './closed-loop.ts';
import { turnOf, type Effort } from './effort.ts';

/**
 * How many updates a second each of two stores makes for so many writers at once, each with a counter of its own as far as
 * there are as many.
 *
 * @throws Error when a store has counted less or more than was answered, since its figures are then worth nothing
 */
export async function compareCounters(
  sides: { readonly ours: CounterStore; readonly peer: CounterStore },
  { writers, counters }: { readonly writers: number; readonly counters: number },
  effort: Effort,
): Promise<Rounds<'ours' | 'peer'>> {
  const answered = { ours: 0, peer: 0 };
  const measured = (side: 'ours' | 'peer') => () =>
    closedLoop(writers, turnOf(effort), async (writer) => {
      await sides[side].increment(writer % counters);
      answered[side] += 1;
    });
  const rounds = await alternate({ ours: measured('ours'), peer: measured('peer') }, effort);
  for (const side of ['ours', 'peer'] as const) {
    const total = await sides[side].total();
    if (total === answered[side]) continue;
    throw new Error(`${sides[side].name} answered ${answered[side]} updates and counted ${total}`);
  }
  return rounds;
}
