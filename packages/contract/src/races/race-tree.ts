import { isError } from '@holdfast/core/adapter';
import { isHoldfastError, type RootFilesystem } from '@holdfast/core';
import { file } from '../support/bodies.ts';
import { check, checkEqual, ContractViolation } from '../support/check.ts';

/** What is there before: nothing, an entry, or one below it; what is there is deleted during the race. */
const STARTS = [undefined, 'n', 'n/x'] as const;

// An entry, and what can only be below it where it is a directory.
const RACED = ['n', 'n/y', 'n/z/deeper'] as const;

/** How one put or delete ended. */
interface Told {
  readonly path: string;
  readonly done: boolean;
}

/**
 * Puts an entry and entries below it at once, while what was there is deleted. On a tree only the one or the others can
 * be there in the end, and who comes too late is refused; elsewhere nobody is. Whoever was told that its put is done
 * finds it, and nobody else does.
 */
export async function raceTree(instances: readonly RootFilesystem[], rounds: number, racers: number): Promise<void> {
  const [first] = instances as [RootFilesystem];
  const isTree = first.capabilitiesAt('/tree').paths === 'tree';
  for (const [index, start] of STARTS.entries()) {
    for (let round = 0; round < rounds; round += 1) {
      const directory = `/tree/${index}-${round}`;
      try {
        if (start !== undefined) await first.put(`${directory}/${start}`, file('start'), 'any');
        const puts = await race(instances, directory, { start, isTree, racers, round });
        await checkWhatIsThere(instances, directory, { puts, start, isTree });
      } catch (error) {
        const what = `in a race of an entry against one below it, where there was ${start ?? 'nothing'}`;
        throw new ContractViolation(`${what}: ${isError(error) ? error.message : String(error)}`, {
          cause: error,
        });
      }
    }
  }
}

async function race(
  instances: readonly RootFilesystem[],
  directory: string,
  { start, isTree, racers, round }: { start: string | undefined; isTree: boolean; racers: number; round: number },
): Promise<Told[]> {
  const told = Array.from({ length: racers }, async (_, racer): Promise<Told> => {
    const filesystem = instances[racer % instances.length] as RootFilesystem;
    const path = `${directory}/${RACED[(racer + round) % RACED.length]}`;
    try {
      await filesystem.put(path, file(path), 'any');
      return { path, done: true };
    } catch (error) {
      const lost = isHoldfastError(error, 'BUSY') || (isTree && isHoldfastError(error, 'PATH_CONFLICT'));
      if (!lost) throw error;
      checkEqual(error.outcome, 'not-applied', "a loser's outcome");
      return { path, done: false };
    }
  });
  if (start !== undefined) {
    const last = instances.at(-1) as RootFilesystem;
    const { deleted } = await last.delete(`${directory}/${start}`, 'any').catch((error: unknown) => {
      if (!isHoldfastError(error, 'BUSY')) throw error;
      return { deleted: undefined };
    });
    // A put may have come first that replaced it; that is an entry too.
    check(deleted !== false, `${start} to be there for the only delete of it`);
  }
  return Promise.all(told);
}

async function checkWhatIsThere(
  instances: readonly RootFilesystem[],
  directory: string,
  { puts, start, isTree }: { puts: readonly Told[]; start: string | undefined; isTree: boolean },
): Promise<void> {
  for (const filesystem of instances) {
    const there = new Set<string>();
    for await (const { path } of filesystem.entries(directory)) there.add(path);
    for (const name of new Set([...RACED, ...(start === undefined ? [] : [start])])) {
      const path = `${directory}/${name}`;
      const found = await filesystem.get(path);
      checkEqual(there.has(path), found !== undefined, `whether ${name} is iterated`);
      // The delete of what was there may have come after a put of it.
      if (name === start) continue;
      const done = puts.some((put) => put.path === path && put.done);
      checkEqual(found !== undefined, done, `whether ${name} is there, which was put`);
    }
    const isEntry = there.has(`${directory}/n`);
    const isPrefix = [...there].some((path) => path.startsWith(`${directory}/n/`));
    check(!(isTree && isEntry && isPrefix), 'n to be an entry or a directory, and not both');
    const { children } = await filesystem.list(directory);
    const expected = isEntry || isPrefix ? [{ name: 'n', isEntry, isPrefix }] : [];
    checkEqual(children, expected, 'what is listed');
  }
}
