/** Makes so many calls, one after the other. */
export type Calls = (count: number) => Promise<void>;

/**
 * How many calls each of several cases makes in a second of processor time: medians of rounds, in each of which all cases
 * have their turn, so that whatever else the machine does meets all of them. Nothing else may run in this process.
 */
export async function measureInTurn(
  cases: ReadonlyMap<string, Calls>,
  { rounds, calls }: { readonly rounds: number; readonly calls: number },
): Promise<ReadonlyMap<string, number>> {
  const taken = new Map<string, number[]>();
  for (let round = -Math.ceil(rounds / 5); round < rounds; round += 1) {
    for (const [id, run] of cases) {
      const before = process.cpuUsage();
      await run(calls);
      const { user, system } = process.cpuUsage(before);
      if (round < 0) continue;
      taken.set(id, [...(taken.get(id) ?? []), (user + system) / 1e6]);
    }
  }
  return new Map([...taken].map(([id, seconds]) => [id, calls / median(seconds)]));
}

/** The middle of some values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
