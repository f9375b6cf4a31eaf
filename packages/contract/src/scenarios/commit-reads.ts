import type { Change } from '@holdfast/core';
import type { Scenario } from '../scenario.ts';
import { nextTurn } from '../support/barrier.ts';
import { numbered } from '../support/batches.ts';
import { textOf } from '../support/bodies.ts';
import { check, checkEqual } from '../support/check.ts';
import { aboutCommits, commitOn, deletes, puts } from '../support/commits.ts';

/** How many paths each commit writes. */
const PATHS = 8;

/** Does something again and again while others are at work, until all of them are done. */
async function meanwhile(work: readonly Promise<unknown>[], look: () => Promise<void>): Promise<void> {
  let done = false;
  const ended = Promise.all(work).finally(() => (done = true));
  const looking = (async () => {
    while (!done) {
      await look();
      await nextTurn();
    }
  })();
  await Promise.all([ended, looking]);
}

/** What readers see of commits while they are made. */
export const commitReadScenarios: readonly Scenario[] = [
  aboutCommits(
    'commit.reads-never-see-half',
    'whoever has read one entry of a commit reads the others of it too, and none of what it replaced or deleted',
    async (context) => {
      const { filesystem, effort } = context;
      const reader = await context.another();
      const paths = numbered('/half/', PATHS);
      const rounds = 2 * effort.race.rounds;
      const changesOf = (round: number): Change[] => paths.map((path) => puts(path, `${round}`));
      await commitOn(filesystem, [...changesOf(0), puts('/names/0', '0')]);
      const write = async (): Promise<void> => {
        for (let round = 1; round <= rounds; round += 1) {
          const moved = [puts(`/names/${round}`, `${round}`, 'absent'), deletes(`/names/${round - 1}`)];
          await commitOn(filesystem, [...changesOf(round), ...moved]);
          await nextTurn();
        }
      };
      const roundAt = async (path: string): Promise<number> => Number(textOf(await reader.get(path)));
      let turn = 0;
      await meanwhile([write()], async () => {
        turn += 1;
        const [one, other] = [paths[turn % PATHS] as string, paths[(turn * 3 + 1) % PATHS] as string];
        const first = await roundAt(one);
        const second = await roundAt(other);
        check(
          second >= first,
          `${other} as commit ${first} left it, or a later one, since ${one} was so before; it was as ${second} did`,
        );
        const name = await reader.get(`/names/${second}`);
        const third = await roundAt(one);
        check(
          name !== undefined || third > second,
          `what commit ${second} made to be there as long as no later one has landed`,
        );
        check(third >= second, `${one} as commit ${second} left it, or a later one; it was as ${third} did`);
      });
    },
  ),
  aboutCommits(
    'commit.pages-never-show-half',
    'a page of an iteration or of a listing shows all of a commit or nothing: a total that is only moved is the same in each',
    async (context) => {
      const { filesystem, effort } = context;
      const reader = await context.another();
      const paths = numbered('/page/', PATHS);
      const rounds = 2 * effort.race.rounds;
      const total = 100 * PATHS;
      const amounts = new Map(paths.map((path) => [path, 100]));
      await commitOn(filesystem, [
        ...paths.map((path) => puts(path, '100')),
        puts('/moved/0', 'x'),
        puts('/moved/1', 'x'),
      ]);
      const write = async (): Promise<void> => {
        for (let round = 1; round <= rounds; round += 1) {
          const [from, to] = [paths[round % PATHS] as string, paths[(round * 3 + 1) % PATHS] as string];
          if (from !== to) {
            amounts.set(from, (amounts.get(from) as number) - round).set(to, (amounts.get(to) as number) + round);
          }
          const moved = [...new Set([from, to])].map((path) => puts(path, String(amounts.get(path))));
          await commitOn(filesystem, [
            ...moved,
            deletes(`/moved/${round - 1}`),
            puts(`/moved/${round + 1}`, 'x', 'absent'),
          ]);
          await nextTurn();
        }
      };
      await meanwhile([write()], async () => {
        const seen: number[] = [];
        for await (const entry of reader.entries('/page', { pageSize: 1000 })) seen.push(Number(textOf(entry)));
        checkEqual(seen.length, PATHS, 'the number of entries in a page');
        checkEqual(
          seen.reduce((sum, amount) => sum + amount, 0),
          total,
          'the total of a page',
        );
        const { children } = await reader.list('/moved', { limit: 1000 });
        checkEqual(children.length, 2, 'the number of names in a page, of which each commit makes one and deletes one');
      });
    },
  ),
];
