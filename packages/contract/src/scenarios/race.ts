import { isHoldfastError, type RootFilesystem, type Version } from '@holdfast/core';
import { sameBytes } from '@holdfast/core/adapter';
import { checkHistory } from '../history/check-history.ts';
import { recordHistory } from '../history/record-history.ts';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { always, claimed, type Scenario } from '../scenario.ts';
import { Barrier, Gate, nextTurn, reached } from '../support/barrier.ts';
import { file } from '../support/bodies.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';
import { refusesConditionalDelete, refusesVersions } from '../support/refusals.ts';
import { changesNothing, putVersioned } from '../support/states.ts';

type Racer = (filesystem: RootFilesystem, index: number) => Promise<unknown>;

/** What is stored when this racer has won. */
type Leaves = (winner: number, round: number) => string | undefined;

/** Lets every racer start at once, each on its own instance where there are several, and gives the winners. */
async function race(context: ScenarioContext, instances: readonly RootFilesystem[], racer: Racer): Promise<number[]> {
  const start = new Barrier(context.effort.race.racers);
  const winners: number[] = [];
  await Promise.all(
    Array.from({ length: context.effort.race.racers }, async (_, index) => {
      await start.arrive();
      try {
        await racer(instances[index % instances.length] as RootFilesystem, index);
        winners.push(index);
      } catch (error) {
        // BUSY is an honest way to lose; anything else must be the mismatch itself.
        const lost = isHoldfastError(error) && (error.code === 'VERSION_MISMATCH' || error.code === 'BUSY');
        if (!lost) throw error;
        checkEqual(error.outcome, 'not-applied', "a loser's outcome");
      }
    }),
  );
  return winners;
}

/** Races again and again and checks that there is exactly one winner every time. */
async function oneWinner(
  context: ScenarioContext,
  prepare: (path: string) => Promise<unknown>,
  racer: (path: string, round: number) => Racer,
  leaves: Leaves = (winner) => `racer ${winner}`,
): Promise<void> {
  const instances = await context.instances(4);
  for (let round = 0; round < context.effort.race.rounds; round += 1) {
    const path = `/race/${round}`;
    await prepare(path);
    const winners = await race(context, instances, racer(path, round));
    checkEqual(winners.length, 1, 'the number of winners');
    checkEqual(await context.text(path), leaves(winners[0] as number, round), "what is stored, which is the winner's");
  }
}

/** Several writers at once on one path, from separate instances where the backend can be shared. */
export const raceScenarios: readonly Scenario[] = [
  claimed(
    'race.put-version',
    'of many puts with one version exactly one lands and the others lose with a typed error',
    ['versioned'],
    {
      async run(context) {
        const versions = new Map<string, Version>();
        await oneWinner(
          context,
          async (path) => versions.set(path, await putVersioned(context.filesystem, path, 'start')),
          (path) => (filesystem, index) =>
            filesystem.put(path, file(`racer ${index}`), { version: versions.get(path) as Version }),
        );
      },
      unclaimed: refusesVersions,
    },
  ),
  claimed(
    'race.put-absent',
    "of many puts with 'absent' exactly one lands and the others lose with a typed error",
    ['create'],
    {
      async run(context) {
        await oneWinner(
          context,
          async () => {},
          (path) => (filesystem, index) => filesystem.put(path, file(`racer ${index}`), 'absent'),
        );
      },
      async unclaimed(context) {
        await changesNothing(context, () =>
          checkRejects(
            () => context.filesystem.put('/race/0', file('x'), 'absent'),
            { code: 'UNSUPPORTED', outcome: 'not-applied' },
            'put',
          ),
        );
      },
    },
  ),
  claimed('race.delete-version', 'of many deletes with one version exactly one succeeds', ['conditionalDelete'], {
    async run(context) {
      const versions = new Map<string, Version>();
      await oneWinner(
        context,
        async (path) => versions.set(path, await putVersioned(context.filesystem, path, 'start')),
        (path) => (filesystem) => filesystem.delete(path, { version: versions.get(path) as Version }),
        () => undefined,
      );
    },
    unclaimed: refusesConditionalDelete,
  }),
  claimed(
    'race.put-against-delete',
    'of puts and deletes with one version exactly one succeeds',
    ['conditionalDelete'],
    {
      async run(context) {
        const versions = new Map<string, Version>();
        // Now a put comes first, now a delete.
        const puts = (index: number, round: number) => (index + round) % 2 === 0;
        await oneWinner(
          context,
          async (path) => versions.set(path, await putVersioned(context.filesystem, path, 'start')),
          (path, round) => (filesystem, index) => {
            const expectation = { version: versions.get(path) as Version };
            return puts(index, round)
              ? filesystem.put(path, file(`racer ${index}`), expectation)
              : filesystem.delete(path, expectation);
          },
          (winner, round) => (puts(winner, round) ? `racer ${winner}` : undefined),
        );
      },
      unclaimed: refusesConditionalDelete,
    },
  ),
  always('race.put-any', "of many puts with 'any' all succeed and one body is left, whole", async (context) => {
    const instances = await context.instances(4);
    const { racers } = context.effort.race;
    const longest = Math.min(100_000, context.claims.maxBodyBytes);
    // No body is the beginning of another, so that a mixture is told from each of them.
    const bodies = Array.from({ length: racers }, (_, index) =>
      new Uint8Array(longest - index * Math.floor(longest / (2 * racers))).fill(0x30 + index),
    );
    for (let round = 0; round < context.effort.race.rounds; round += 1) {
      const winners = await race(context, instances, (filesystem, index) =>
        filesystem.put('/race/any', { body: bodies[(index + round) % racers] as Uint8Array }, 'any'),
      );
      checkEqual(winners.length, bodies.length, 'the number of puts that succeeded');
      const stored = await context.filesystem.get('/race/any');
      const whole = bodies.some((body) => stored !== undefined && sameBytes(body, stored.body));
      check(whole, 'one body to be left, whole');
    }
  }),
  always(
    'race.read-while-writing',
    'a reader sees one whole body or the other while they replace each other, and with the version it was put with',
    async (context) => {
      const reader = await context.another();
      const bodies = [45_000, 90_000, 90_000, 300_000].map((length, index) =>
        new Uint8Array(Math.min(length, context.claims.maxBodyBytes - 1)).fill(0x61 + index),
      );
      const putWith = new Map<Version | undefined, number>();
      const put = async (index: number): Promise<void> => {
        const { version } = await context.filesystem.put('/race/read', { body: bodies[index] as Uint8Array }, 'any');
        putWith.set(version, index);
      };
      await put(0);
      let writing = true;
      const write = async (): Promise<void> => {
        try {
          for (let round = 0; round < 4 * context.effort.race.rounds; round += 1) {
            await put(round % bodies.length);
            await nextTurn();
          }
        } finally {
          writing = false;
        }
      };
      const seen: { readonly version: Version | undefined; readonly body: number }[] = [];
      const read = async (): Promise<void> => {
        while (writing) {
          const found = await reader.get('/race/read');
          const body = bodies.findIndex((it) => found !== undefined && sameBytes(it, found.body));
          check(body !== -1, 'one whole body');
          seen.push({ version: found?.version, body });
          await nextTurn();
        }
      };
      await Promise.all([write(), read(), read()]);
      if (context.claims.cas !== 'versioned') return;
      // Only now is it known what each put was answered; a reader may have been faster.
      for (const { version, body } of seen) {
        if (putWith.has(version)) checkEqual(body, putWith.get(version), 'which body was read with a version');
      }
    },
  ),
  always(
    'race.hung-call',
    'while the backend hangs on one write, other calls go through, also on the same path',
    async (context) => {
      const { filesystem } = context;
      await filesystem.put('/race/hung', file('old'), 'any');
      const faults = context.faults();
      const sent = new Gate();
      faults.add({
        on: 'put',
        nth: 1,
        when: 'before',
        effect: () => {
          sent.open();
          return faults.hang();
        },
      });
      const hung = filesystem.put('/race/hung', file('hung'), 'any');
      await reached(sent, hung);
      for (const path of ['/race/hung', '/race/other']) {
        await filesystem.put(path, file('new'), 'any');
        checkEqual(await context.text(path), 'new', `the body at ${path}`);
      }
      checkEqual((await filesystem.list('/race')).children.length, 2, 'the number of children');
      checkEqual((await context.everything()).length, 2, 'the number of entries');
      await filesystem.delete('/race/other', 'any');
      faults.release();
      await hung;
    },
  ),
  claimed(
    'race.history',
    'a random mix of reads and conditional writes of several writers has a single order that explains it',
    ['versioned'],
    {
      async run(context) {
        const instances = await context.instances(4);
        const { racers, rounds } = context.effort.race;
        for (let key = 0; key < 3; key += 1) {
          checkHistory(
            await recordHistory(instances, `/race/history-${key}`, {
              writers: racers,
              operations: 4 * rounds,
              seed: key,
            }),
          );
        }
      },
      unclaimed: refusesVersions,
    },
  ),
];
