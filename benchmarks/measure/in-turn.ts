import { alternate, type Rounds } from './alternate.ts';
import type { Effort } from './effort.ts';

/** Makes so many calls, one after the other. */
export type Calls = (count: number) => Promise<void>;

/**
 * How many calls each of several cases makes in a second of processor time, in each of many rounds. Nothing else may run in
 * this process.
 */
export async function measureInTurn(
  cases: Readonly<Record<string, Calls>>,
  calls: number,
  effort: Effort,
): Promise<Rounds<string>> {
  const perSecond = async (run: Calls): Promise<number> => {
    const before = process.cpuUsage();
    await run(calls);
    const { user, system } = process.cpuUsage(before);
    return (calls * 1e6) / (user + system);
  };
  const sides = Object.entries(cases).map(([id, run]) => [id, () => perSecond(run)] as const);
  return alternate(Object.fromEntries(sides), effort);
}
