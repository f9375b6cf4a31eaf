import { commit, type Change, type RootFilesystem, type Version } from '@holdfast/core';
import type { ScenarioContext } from '../running/scenario-context.ts';
import type { Scenario } from '../scenario.ts';
import { inBatches } from '../support/batches.ts';
import { textOf } from '../support/bodies.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';
import { aboutCommits, checks, deletes, puts } from '../support/commits.ts';
import { bringTo, changesNothing, FOREIGN, putVersioned, type History, type PathState } from '../support/states.ts';

const MISMATCH = { code: 'VERSION_MISMATCH', outcome: 'not-applied' } as const;

/** What a commit does to a path: how it is made of what the path has had, and in which states its expectation holds. */
interface Case {
  readonly name: string;
  readonly change: (path: string, history: History) => Change;
  readonly holdsIn: readonly PathState[];
}

const STATES: readonly PathState[] = ['never-written', 'present', 'deleted', 'recreated'];
const THERE: readonly PathState[] = ['present', 'recreated'];
const NOT_THERE: readonly PathState[] = ['never-written', 'deleted'];

const current = ({ current: version = FOREIGN }: History) => ({ version });
const stale = ({ stale: version = FOREIGN }: History) => ({ version });

const CASES: readonly Case[] = [
  { name: "a put with 'any'", change: (path) => puts(path, 'put'), holdsIn: STATES },
  { name: "a put with 'absent'", change: (path) => puts(path, 'put', 'absent'), holdsIn: NOT_THERE },
  { name: 'a put with the version', change: (path, it) => puts(path, 'put', current(it)), holdsIn: THERE },
  { name: 'a put with an old version', change: (path, it) => puts(path, 'put', stale(it)), holdsIn: [] },
  { name: "a delete with 'any'", change: (path) => deletes(path), holdsIn: STATES },
  { name: 'a delete with the version', change: (path, it) => deletes(path, current(it)), holdsIn: THERE },
  { name: 'a delete with an old version', change: (path, it) => deletes(path, stale(it)), holdsIn: [] },
  { name: "a check of 'absent'", change: (path) => checks(path, 'absent'), holdsIn: NOT_THERE },
  { name: 'a check of the version', change: (path, it) => checks(path, current(it)), holdsIn: THERE },
  { name: 'a check of an old version', change: (path, it) => checks(path, stale(it)), holdsIn: [] },
];

/** The cases that the backend can be given. */
function casesOf({ claims }: ScenarioContext): readonly Case[] {
  return claims.conditionalDelete ? CASES : CASES.filter(({ name }) => !/^a delete with .*version/.test(name));
}

/** What is there at some paths. */
async function textsAt(filesystem: RootFilesystem, paths: readonly string[]): Promise<(string | undefined)[]> {
  return Promise.all(paths.map(async (path) => textOf(await filesystem.get(path))));
}

/** Commits: several changes, all or none, under all of their expectations. */
export const commitScenarios: readonly Scenario[] = [
  aboutCommits(
    'commit.all-there',
    'all that a commit puts is there with the version it answers, what it deletes is gone, what it checks as it was',
    async (context) => {
      const { filesystem, claims } = context;
      const replaced = await putVersioned(filesystem, '/commit/replaced', 'old');
      const deleted = await putVersioned(filesystem, '/commit/deleted', 'old');
      const checked = await putVersioned(filesystem, '/commit/checked', 'old');
      await putVersioned(filesystem, '/commit/gone', 'old');
      const { version } = await commit(filesystem, [
        puts('/commit/created', 'new', 'absent'),
        checks('/commit/checked', { version: checked }),
        puts('/commit/replaced', 'new', { version: replaced }),
        deletes('/commit/deleted', claims.conditionalDelete ? { version: deleted } : 'any'),
        checks('/commit/absent', 'absent'),
        puts('/commit/whatever', 'new'),
        deletes('/commit/gone'),
        deletes('/commit/never'),
      ]);
      check(version !== undefined, 'a commit that puts something to answer a version');
      const look = async (through: RootFilesystem): Promise<void> => {
        const found = new Map<string, string>();
        for await (const entry of through.entries('/commit'))
          found.set(entry.path, `${textOf(entry)} ${entry.version}`);
        const expected = [
          ['/commit/checked', `old ${checked}`],
          ['/commit/created', `new ${version}`],
          ['/commit/replaced', `new ${version}`],
          ['/commit/whatever', `new ${version}`],
        ];
        checkEqual([...found], expected, 'what is iterated');
        for (const [path, text] of expected) {
          const entry = await through.get(path as string);
          checkEqual(`${textOf(entry)} ${entry?.version}`, text, `what is at ${path}`);
        }
        for (const path of ['/commit/deleted', '/commit/gone', '/commit/absent', '/commit/never']) {
          check((await through.get(path)) === undefined, `nothing at ${path}`);
        }
        const { children } = await through.list('/commit');
        checkEqual(
          children.map(({ name }) => `/commit/${name}`),
          [...found.keys()],
          'what is listed',
        );
      };
      await look(filesystem);
      await look(await context.another());
      if (claims.durability !== 'none') await look(await context.reopen());
    },
  ),
  aboutCommits(
    'commit.one-version',
    'all that one commit puts has one version, which no other write has, and each of them can be written on it',
    async ({ filesystem, claims }) => {
      const paths = ['/commit/a', '/commit/b', '/commit/c'];
      const before = await putVersioned(filesystem, '/commit/a', 'before');
      const made: Version[] = [before];
      for (const text of ['one', 'two']) {
        const { version } = await commit(
          filesystem,
          paths.map((path) => puts(path, text)),
        );
        check(version !== undefined && !made.includes(version), 'a version that no other write has');
        made.push(version);
        for (const path of paths) checkEqual((await filesystem.get(path))?.version, version, `the version at ${path}`);
      }
      const version = made.at(-1) as Version;
      const { version: next } = await filesystem.put('/commit/a', { body: new Uint8Array(1) }, { version });
      checkEqual((await filesystem.get('/commit/b'))?.version, version, 'the version beside one that was written');
      await checkRejects(
        () => commit(filesystem, [puts('/commit/a', 'x', { version }), puts('/commit/b', 'x', { version })]),
        { ...MISMATCH, path: '/commit/a' },
        'a commit on the version that one of its paths had',
      );
      const last = await commit(filesystem, [
        puts('/commit/a', 'x', { version: next as Version }),
        deletes('/commit/b', claims.conditionalDelete ? { version } : 'any'),
        checks('/commit/c', { version }),
      ]);
      check(last.version !== undefined && ![...made, next].includes(last.version), 'a version that no other write has');
      const without = await commit(filesystem, [deletes('/commit/c'), checks('/commit/b', 'absent')]);
      checkEqual(without.version, undefined, 'the version of a commit that puts nothing');
    },
  ),
  aboutCommits(
    'commit.every-expectation',
    'each change of a commit counts with its own expectation, whatever its path has been through',
    async (context) => {
      const { filesystem } = context;
      const all = casesOf(context).flatMap((it, index) => STATES.map((state) => ({ ...it, index, state })));
      // Each at paths of its own.
      await inBatches(all, async ({ name, change, holdsIn, index, state }) => {
        const [path, beside] = [`/commit/${index}-${state}`, `/commit/${index}-${state}-beside`];
        const history = await bringTo(state, context, path);
        const before = await filesystem.get(path);
        const what = `a commit of ${name} where the path is ${state}`;
        const changes = [puts(beside, 'beside', 'absent'), change(path, history)];
        const holds = holdsIn.includes(state);
        if (holds) {
          await commit(filesystem, changes);
        } else {
          const error = await checkRejects(() => commit(filesystem, changes), { ...MISMATCH, path }, what);
          checkEqual(error.paths, [path], `the paths that ${what} names`);
        }
        const after = !holds || name.includes('check') ? textOf(before) : name.includes('delete') ? undefined : 'put';
        checkEqual(
          await textsAt(filesystem, [beside, path]),
          [holds ? 'beside' : undefined, after],
          `what ${what} leaves`,
        );
      });
    },
  ),
  aboutCommits(
    'commit.mismatch-changes-nothing',
    'a commit of which any one expectation does not hold, the last one too, changes nothing at all',
    async (context) => {
      const { filesystem } = context;
      const version = await putVersioned(filesystem, '/commit/there', 'old');
      await putVersioned(filesystem, '/commit/deleted', 'old');
      const right: readonly Change[] = [
        puts('/commit/new', 'new', 'absent'),
        puts('/commit/there', 'new', { version }),
        deletes('/commit/deleted'),
        puts('/commit/other', 'new'),
        checks('/commit/nothing', 'absent'),
      ];
      const wrong = casesOf(context).filter(({ holdsIn }) => !holdsIn.includes('recreated'));
      for (const [index, { name, change }] of wrong.entries()) {
        const path = `/commit/wrong-${index}`;
        const history = await bringTo('recreated', context, path);
        for (const at of [0, 2, right.length]) {
          const changes = right.toSpliced(at, 0, change(path, history));
          const what = `a commit whose change ${at + 1} of ${changes.length} is ${name}`;
          await changesNothing(context, () => checkRejects(() => commit(filesystem, changes), MISMATCH, what));
        }
      }
      await commit(filesystem, right);
    },
  ),
  aboutCommits(
    'commit.mismatches-named',
    'a commit that is refused names every path whose expectation does not hold, in the order of its changes',
    async (context) => {
      const { filesystem } = context;
      const wrong = casesOf(context).filter(({ holdsIn }) => !holdsIn.includes('recreated'));
      const changes: Change[] = [];
      const paths: string[] = [];
      // From the last letter on, so that no other order is that of the changes.
      for (const [index, { change }] of wrong.entries()) {
        const path = `/commit/${String.fromCodePoint(0x7a - index)}`;
        paths.push(path);
        changes.push(puts(`${path}-fits`, 'x', 'absent'), change(path, await bringTo('recreated', context, path)));
      }
      await changesNothing(context, async () => {
        const error = await checkRejects(
          () => commit(filesystem, changes),
          MISMATCH,
          'a commit with several mismatches',
        );
        checkEqual(error.paths, paths, 'the paths that are named');
        checkEqual(error.path, paths[0], 'the path of the error');
      });
    },
  ),
  aboutCommits(
    'commit.checks-change-nothing',
    'what a commit checks stays what it is, its version too, whether the commit lands or not',
    async (context) => {
      const { filesystem } = context;
      const version = await putVersioned(filesystem, '/commit/checked', 'old');
      const other = await putVersioned(filesystem, '/commit/other', 'old');
      const right = [checks('/commit/checked', { version }), checks('/commit/nothing', 'absent')];
      await changesNothing(context, async () => {
        checkEqual((await commit(filesystem, right)).version, undefined, 'the version of a commit of checks');
        for (const changes of [
          [...right, checks('/commit/other', 'absent')],
          [...right, puts('/commit/other', 'new', 'absent')],
          [puts('/commit/new', 'new'), ...right, checks('/commit/other', { version: FOREIGN })],
        ]) {
          const error = await checkRejects(() => commit(filesystem, changes), MISMATCH, 'a commit that does not fit');
          checkEqual(error.paths, ['/commit/other'], 'the paths that are named');
        }
      });
      await commit(filesystem, [...right, puts('/commit/other', 'new', { version: other })]);
      checkEqual((await filesystem.get('/commit/checked'))?.version, version, 'the version of what was checked');
      check((await filesystem.get('/commit/nothing')) === undefined, 'nothing where nothing was checked to be');
    },
  ),
];
