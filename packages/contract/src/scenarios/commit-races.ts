import { isHoldfastError, type Change, type RootFilesystem, type Version } from '@holdfast/core';
import { stopIfAbandoned } from '../running/current-run.ts';
import type { ScenarioContext } from '../running/scenario-context.ts';
import type { Scenario } from '../scenario.ts';
import { Barrier } from '../support/barrier.ts';
import { numbered } from '../support/batches.ts';
import { file, textOf } from '../support/bodies.ts';
import { check, checkEqual } from '../support/check.ts';
import { aboutCommits, checks, puts, raced } from '../support/commits.ts';
import { increment } from '../support/counter.ts';
import { putVersioned } from '../support/states.ts';

/** How many paths there are for commits that are in the way of each other, and for large ones. */
const PATHS = 8;
const MANY_PATHS = 60;

/** How many commits each of those makes who are in the way of each other. */
const COMMITS_OF_EACH = 4;

/** Lets several commits begin at once, each on an instance of its own where there are several; gives how they ended. */
async function together(
  instances: readonly RootFilesystem[],
  commits: readonly (readonly Change[])[],
): Promise<('landed' | 'mismatch' | 'busy')[]> {
  const start = new Barrier(commits.length);
  return Promise.all(
    commits.map(async (changes, index) => {
      await start.arrive();
      const told = await raced(instances[index % instances.length] as RootFilesystem, changes);
      return typeof told === 'string' ? told : 'landed';
    }),
  );
}

/**
 * Lets as many commits as there are in a ring begin at once, each of which checks what the next one writes, so that not
 * all can land; whoever was refused was so for one that has landed.
 */
async function ring(context: ScenarioContext, size: number, start: 'there' | 'absent'): Promise<void> {
  const all = await context.instances(size);
  for (let round = 0; round < context.effort.race.rounds; round += 1) {
    // Also through one instance, which may have a lock that others do not see, or see none of its own.
    const instances = round % 2 === 0 ? all : [context.filesystem];
    const paths = Array.from({ length: size }, (_, index) => `/ring/${size}-${start}/${round}-${index}`);
    const versions = new Map<string, Version>();
    if (start === 'there')
      for (const path of paths) versions.set(path, await putVersioned(context.filesystem, path, 'old'));
    const expectation = (path: string) => (start === 'absent' ? 'absent' : { version: versions.get(path) as Version });
    const commits = paths.map((path, index) => {
      const next = paths[(index + 1) % size] as string;
      const changes = [checks(next, expectation(next)), puts(path, 'new', expectation(path))];
      return round % 4 < 2 ? changes : changes.toReversed();
    });
    const told = await together(instances, commits);
    const landed = told.filter((it) => it === 'landed').length;
    check(landed < size, `not all of ${size} commits to land, each of which checks what the next one writes`);
    check(landed > 0 || !told.includes('mismatch'), 'one commit to have landed where another was refused for it');
    for (const [index, path] of paths.entries()) {
      const old = start === 'there' ? 'old' : undefined;
      checkEqual(
        await context.text(path),
        told[index] === 'landed' ? 'new' : old,
        `what is at ${path}, whose commit ${told[index]}`,
      );
    }
  }
}

/** Commits against each other, and against everything else. */
export const commitRaceScenarios: readonly Scenario[] = [
  aboutCommits(
    'commit.write-skew',
    'of two commits that check the version at each other’s path at most one lands',
    (context) => ring(context, 2, 'there'),
  ),
  aboutCommits(
    'commit.write-skew-absent',
    'of two commits that check that nothing is at each other’s path at most one lands',
    (context) => ring(context, 2, 'absent'),
  ),
  aboutCommits(
    'commit.ring-of-three',
    'of three commits of which each checks the path of the next not all land, whether something is there or nothing',
    async (context) => {
      await ring(context, 3, 'there');
      await ring(context, 3, 'absent');
    },
  ),
  aboutCommits(
    'commit.against-single-writes',
    'commits, puts, deletes and updates of the same paths lose nothing of each other',
    async (context) => {
      const { effort, claims } = context;
      const instances = await context.instances(4);
      const [first] = instances as [RootFilesystem];
      const [single, both] = ['/single/both', '/single/commits'];
      for (const path of [single, both]) await first.put(path, await countOf(0), 'any');
      const updates = Math.min(effort.storm.updates, 25);
      let landed = 0;
      const commits = async (filesystem: RootFilesystem): Promise<void> => {
        for (let left = updates; left > 0;) {
          stopIfAbandoned();
          const [a, b] = await Promise.all([filesystem.get(single), filesystem.get(both)]);
          const changes = await Promise.all(
            [a, b].map(async (entry): Promise<Change> => {
              check(entry?.version !== undefined, 'both counters to be there');
              const count = (JSON.parse(textOf(entry) as string) as { count: number }).count + 1;
              return { put: entry.path, entry: await countOf(count), expectation: { version: entry.version } };
            }),
          );
          const told = await raced(filesystem, changes);
          if (typeof told === 'string') continue;
          landed += 1;
          left -= 1;
        }
      };
      const singles = async (filesystem: RootFilesystem): Promise<void> => {
        for (let update = 0; update < updates; update += 1) {
          if (claims.records) await increment(filesystem, single);
          else await incrementByPut(filesystem, single);
        }
      };
      await Promise.all([
        commits(instances[0] as RootFilesystem),
        singles(instances[1] as RootFilesystem),
        commits(instances[2] as RootFilesystem),
        singles(instances[3] as RootFilesystem),
      ]);
      checkEqual(await countIn(first, both), landed, 'the counter that only commits write');
      checkEqual(await countIn(first, single), landed + 2 * updates, 'the counter that all write');
      for (let round = 0; round < effort.race.rounds; round += 1) await againstDelete(context, instances, round);
    },
  ),
  aboutCommits(
    'commit.opposite-orders',
    'commits of the same paths in every order, large ones too, are not in the way of each other for good: all land whole',
    async (context) => {
      const { claims, effort } = context;
      const instances = await context.instances(4);
      const many = Math.min(MANY_PATHS, claims.maxCommitChanges);
      for (const [directory, count] of [
        ['/orders', PATHS],
        ['/large', many],
      ] as const) {
        const paths = numbered(`${directory}/`, count);
        const writer = async (name: number): Promise<void> => {
          for (let round = 0; round < COMMITS_OF_EACH; round += 1) {
            const rotated = [...paths.slice((name * 3) % count), ...paths.slice(0, (name * 3) % count)];
            const ordered = (name + round) % 2 === 0 ? rotated : rotated.toReversed();
            const changes = ordered.map((path) => puts(path, `${name}.${round} `.repeat(100)));
            const told = await raced(instances[name % instances.length] as RootFilesystem, changes);
            check(told !== 'mismatch', 'a commit without expectations to land');
          }
        };
        await Promise.all(Array.from({ length: Math.min(effort.race.racers, 8) }, (_, name) => writer(name)));
        const seen = new Set<string>();
        for (const path of paths) {
          const entry = await context.filesystem.get(path);
          seen.add(`${textOf(entry)} ${entry?.version}`);
        }
        checkEqual(seen.size, 1, `how many commits are seen at ${count} paths that all of them wrote`);
      }
    },
  ),
];

async function countOf(count: number) {
  return file(JSON.stringify({ count }));
}

async function countIn(filesystem: RootFilesystem, path: string): Promise<number> {
  return (JSON.parse(textOf(await filesystem.get(path)) as string) as { count: number }).count;
}

/** Adds one with puts, where there are no records. */
async function incrementByPut(filesystem: RootFilesystem, path: string): Promise<void> {
  for (;;) {
    stopIfAbandoned();
    const entry = await filesystem.get(path);
    check(entry?.version !== undefined, 'a counter with a version');
    const { count } = JSON.parse(textOf(entry) as string) as { count: number };
    const won = await filesystem.put(path, await countOf(count + 1), { version: entry.version }).then(
      () => true,
      (error: unknown) => {
        if (!isHoldfastError(error, 'VERSION_MISMATCH') && !isHoldfastError(error, 'BUSY')) throw error;
        return false;
      },
    );
    if (won) return;
  }
}

/** A commit that writes and checks, a delete of what it writes and a put of what it checks: each sees the others or not. */
async function againstDelete(
  context: ScenarioContext,
  instances: readonly RootFilesystem[],
  round: number,
): Promise<void> {
  const [written, checked] = [`/against/${round}-written`, `/against/${round}-checked`];
  const version = await putVersioned(context.filesystem, written, 'old');
  const other = await putVersioned(context.filesystem, checked, 'old');
  const [one, two, three] = instances as [RootFilesystem, RootFilesystem, RootFilesystem];
  const lost = (error: unknown): false => {
    if (!isHoldfastError(error, 'VERSION_MISMATCH') && !isHoldfastError(error, 'BUSY')) throw error;
    return false;
  };
  const [told, deleted, put] = await Promise.all([
    raced(one, [puts(written, 'new', { version }), checks(checked, { version: other })]),
    two.delete(written, 'any').then(() => true, lost),
    three.put(checked, file('new'), { version: other }).then(() => true, lost),
  ]);
  if (put) checkEqual(await context.text(checked), 'new', 'what was put beside a commit that checks it');
  if (typeof told === 'string') {
    check(told === 'busy' || deleted || put, 'a commit to be refused only for what was done');
    checkEqual(
      await context.text(written),
      deleted ? undefined : 'old',
      'what a commit that was refused would have written',
    );
  } else {
    // Where it was deleted, that was afterwards.
    checkEqual(await context.text(written), deleted ? undefined : 'new', 'what a commit has written');
  }
}
