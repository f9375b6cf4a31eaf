import { commit, type Change, type ErrorCode, type RootFilesystem, type Version } from '@holdfast/core';
import { pause } from '@holdfast/core/adapter';
import type { Scenario } from '../scenario.ts';
import { Gate, reached } from '../support/barrier.ts';
import { inBatches } from '../support/batches.ts';
import { file } from '../support/bodies.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';
import { aboutCommits, checks, deletes, puts } from '../support/commits.ts';
import { givenUpAt, MOMENTS, type Moment } from '../support/given-up-at.ts';
import { changesNothing, putVersioned } from '../support/states.ts';

const PATH = '/commit/entry';

/** Malformed changes, and what the message has to name. */
const HOSTILE: readonly (readonly [changes: unknown, code: ErrorCode, names: string])[] = [
  ...[
    undefined,
    null,
    0,
    '',
    'put',
    true,
    {},
    { length: 1, 0: puts(PATH, 'x') },
    new Map(),
    new Set([puts(PATH, 'x')]),
  ].map((changes) => [changes, 'INVALID_ARGUMENT', 'changes'] as const),
  [[], 'INVALID_ARGUMENT', 'changes'],
  ...[undefined, null, 0, 'put', [], {}, { put: undefined, expectation: 'any' }, { expectation: 'any' }].map(
    (change) => [[puts(PATH, 'x'), change], 'INVALID_ARGUMENT', 'changes[1]'] as const,
  ),
  ...[
    { put: PATH, delete: '/commit/b', entry: file('x'), expectation: 'any' },
    { put: PATH, check: '/commit/b', entry: file('x'), expectation: 'any' },
    { delete: PATH, check: PATH, expectation: 'any' },
    { put: PATH, entry: file('x'), expectation: 'any', path: PATH },
    { put: PATH, entry: file('x'), expectation: 'any', [Symbol('put')]: PATH },
    { PUT: PATH, entry: file('x'), expectation: 'any' },
    { delete: PATH, entry: file('x'), expectation: 'any' },
    { check: PATH, entry: file('x'), expectation: 'absent' },
    { put: PATH, expectation: 'any' },
    { put: PATH, entry: file('x') },
    { put: PATH, entry: file('x'), expectation: undefined },
    { put: PATH, entry: file('x'), expectation: 'present' },
    { put: PATH, entry: file('x'), expectation: { version: '' } },
    { put: PATH, entry: { body: 'text' }, expectation: 'any' },
    { put: PATH, entry: { body: new Uint8Array(1), kind: 'not a kind' }, expectation: 'any' },
    { put: PATH, entry: { body: new Uint8Array(1), more: 1 }, expectation: 'any' },
    { delete: PATH },
    { delete: PATH, expectation: 'absent' },
    { delete: PATH, expectation: null },
    { check: PATH },
    { check: PATH, expectation: 'any' },
    { check: PATH, expectation: { version: 7 } },
  ].map(
    (change) =>
      [[checks('/commit/a', 'absent'), puts('/commit/c', 'x'), change], 'INVALID_ARGUMENT', 'changes[2]'] as const,
  ),
  ...['', '/', 'a', '/a/', '/a//b', '/../a', '/a\u0000', '/\ud800', 7, null, {}].map(
    (path) =>
      [
        [puts('/commit/a', 'x'), { put: path, entry: file('x'), expectation: 'any' }],
        'INVALID_PATH',
        'changes[1]',
      ] as const,
  ),
  [[puts(PATH, 'x'), puts('/commit/b', 'x'), deletes(PATH)], 'INVALID_ARGUMENT', 'changes[2]'],
  [[checks(PATH, 'absent'), puts(PATH, 'x')], 'INVALID_ARGUMENT', 'changes[1]'],
  [[puts(PATH, 'x'), puts(PATH, 'x')], 'INVALID_ARGUMENT', 'changes[1]'],
];

/** Deadlines that some have instead. */
const DEADLINES: readonly Moment[] = [{ timeoutMs: 1 }, { timeoutMs: 2 }, { timeoutMs: 4 }];

/** How long what was taken back has for being found out, in milliseconds. */
const LATER_MS = 50;

const HOSTILE_OPTIONS: readonly unknown[] = [null, 0, 'x', { timeoutMs: -1 }, { signal: {} }, { timeout: 5 }];

/** Commits that are refused for what they are, or given up. */
export const commitRefusalScenarios: readonly Scenario[] = [
  aboutCommits(
    'commit.malformed',
    'a commit of anything that is no list of changes, each at a path of its own, is refused and says which change it is',
    async (context) => {
      const { filesystem } = context;
      await filesystem.put(PATH, file('old'), 'any');
      const faults = context.faults();
      await changesNothing(context, async () => {
        const before = faults.calls.length;
        for (const [changes, code, names] of HOSTILE) {
          const what = `a commit that is refused for ${names}`;
          const error = await checkRejects(
            () => commit(filesystem, changes as readonly Change[]),
            { code, outcome: 'not-applied' },
            what,
          );
          check(error.message.includes(names), `${what} to name it; the message was: ${error.message}`);
        }
        for (const options of HOSTILE_OPTIONS) {
          await checkRejects(
            () => commit(filesystem, [puts(PATH, 'x')], options as object),
            { code: 'INVALID_ARGUMENT', outcome: 'not-applied' },
            `a commit with the options ${JSON.stringify(options)}`,
          );
        }
        checkEqual(faults.calls.length, before, 'the number of backend calls');
      });
    },
  ),
  aboutCommits(
    'commit.given-up-before',
    'a commit whose caller has given up already, or has no time left, does nothing at all',
    async (context) => {
      const { filesystem } = context;
      const version = await putVersioned(filesystem, PATH, 'old');
      const faults = context.faults();
      await changesNothing(context, async () => {
        const before = faults.calls.length;
        for (const changes of [
          [puts('/commit/new', 'x'), puts(PATH, 'new', { version })],
          [deletes(PATH), checks('/commit/new', 'absent')],
          [checks(PATH, { version })],
        ]) {
          const signal = AbortSignal.abort(new Error('reason'));
          const aborted = { code: 'ABORTED', outcome: 'not-applied' } as const;
          await checkRejects(
            () => commit(filesystem, changes, { signal }),
            aborted,
            'a commit with a signal that has fired',
          );
          const late = { code: 'TIMEOUT', outcome: 'not-applied' } as const;
          await checkRejects(() => commit(filesystem, changes, { timeoutMs: 0 }), late, 'a commit without any time');
        }
        checkEqual(faults.calls.length, before, 'the number of backend calls');
      });
    },
  ),
  aboutCommits(
    'commit.given-up',
    'an abort ends a commit that the backend never answers, with an unknown outcome, and one that landed with a success',
    async (context) => {
      const { filesystem } = context;
      const faults = context.faults();
      for (const when of ['before', 'after'] as const) {
        const sent = new Gate();
        faults.add({
          on: 'commit',
          when,
          effect: async () => {
            sent.open();
            await faults.hang();
          },
        });
        const controller = new AbortController();
        const changes = [puts(`/commit/${when}`, 'x', 'absent'), puts(`/commit/${when}-too`, 'x', 'absent')];
        const pending = commit(filesystem, changes, { signal: controller.signal });
        await reached(sent, pending);
        controller.abort();
        if (when === 'before') {
          await checkRejects(
            () => pending,
            { code: 'ABORTED', outcome: 'unknown' },
            'a commit, aborted while it hangs',
          );
        } else {
          const { version } = await pending;
          checkEqual((await filesystem.get('/commit/after-too'))?.version, version, 'the version of what landed');
        }
        faults.clear();
      }
    },
  ),
  aboutCommits(
    'commit.given-up-at-every-moment',
    'a commit that is given up at any moment was not done where that is said, then and later, and never by half',
    async (context) => {
      const { filesystem, claims } = context;
      const moments = [...[...MOMENTS, ...DEADLINES].entries()].map(([index, moment]) => ({
        directory: `/commit/${index}`,
        moment,
      }));
      const versions = new Map<string, Version>();
      await inBatches(moments, async ({ directory }) => {
        versions.set(directory, await putVersioned(filesystem, `${directory}/deleted`, 'old'));
      });
      // All at once, so that in a queue some wait for a long time.
      const told = await Promise.all(
        moments.map(async ({ directory, moment }) => {
          const version = versions.get(directory) as Version;
          const changes = [
            puts(`${directory}/a`, 'new', 'absent'),
            deletes(`${directory}/deleted`, claims.conditionalDelete ? { version } : 'any'),
            puts(`${directory}/z`, 'new'),
            checks(`${directory}/checked`, 'absent'),
          ];
          return { directory, outcome: await givenUpAt((options) => commit(filesystem, changes, options), moment) };
        }),
      );
      for (const waitMs of [0, LATER_MS]) {
        await pause(waitMs, undefined);
        await look(filesystem, told, waitMs > 0);
      }
      if (claims.durability !== 'none') await look(await context.reopen(), told, true);
    },
  ),
];

type Told = { readonly directory: string; readonly outcome: Awaited<ReturnType<typeof givenUpAt>> };

/** Looks whether what was told of commits is so; of what is unknown, once it is settled, whether it is all there or none. */
async function look(through: RootFilesystem, told: readonly Told[], isSettled: boolean): Promise<void> {
  await inBatches(told, async ({ directory, outcome }) => {
    if (outcome === 'unknown' && !isSettled) return;
    const names = (await through.list(directory)).children.map(({ name }) => name).join();
    const right = outcome === 'done' ? ['a,z'] : outcome === 'not-applied' ? ['deleted'] : ['a,z', 'deleted'];
    check(
      right.includes(names),
      `${right.join(' or ')} in ${directory}, of whose commit was told ${outcome}; there is ${names}`,
    );
  });
}
