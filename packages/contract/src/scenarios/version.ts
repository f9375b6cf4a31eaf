import { runChildren } from '../processes/run-children.ts';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { claimed, type Scenario, type ScenarioBody } from '../scenario.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';
import { file, textOf } from '../support/bodies.ts';
import { refusesVersions } from '../support/refusals.ts';
import { changesNothing, putVersioned } from '../support/states.ts';

const PATH = '/version/entry';
const MISMATCH = { code: 'VERSION_MISMATCH', outcome: 'not-applied' } as const;

/** A closed store that promises no durability can only be asked to stay closed. */
const staysClosed: ScenarioBody = async (context) => {
  await context.filesystem.put(PATH, file('x'), 'any');
  await context.filesystem.close();
  await checkRejects(() => context.filesystem.get(PATH), { code: 'CLOSED' }, 'get after close');
};

/** Processes that put some entries each, all at once; gives the versions that each was answered. */
async function versionsOfProcesses(
  { child }: ScenarioContext,
  { processes, entries }: { readonly processes: number; readonly entries: number },
): Promise<string[][]> {
  const reports = await runChildren<{ versions: unknown[] }>(child, processes, (name) => ({
    task: 'put-entries',
    prefix: `/version/${name}`,
    entries,
  }));
  return reports.map(({ versions }) =>
    versions.map((version) => {
      check(typeof version === 'string', 'a versioned backend to answer a put with a version, in any process');
      return version;
    }),
  );
}

/** Versions: minted per write, never reused, compared only for equality. */
export const versionScenarios: readonly Scenario[] = [
  claimed('version.new-per-write', 'every write gets a new version, also one of identical bytes', ['versioned'], {
    async run({ filesystem }) {
      const versions = new Set<string>();
      for (let round = 0; round < 20; round += 1) versions.add(await putVersioned(filesystem, PATH, 'same'));
      checkEqual(versions.size, 20, 'the number of versions of 20 writes');
    },
    unclaimed: refusesVersions,
  }),
  claimed(
    'version.answer-is-stored',
    'the version that put answers is the one that get and entries show',
    ['versioned'],
    {
      async run({ filesystem }) {
        const version = await putVersioned(filesystem, PATH, 'x');
        checkEqual((await filesystem.get(PATH))?.version, version, 'the version of get');
        for await (const found of filesystem.entries('/version'))
          checkEqual(found.version, version, 'the version of entries');
      },
      unclaimed: refusesVersions,
    },
  ),
  claimed('version.json-safe', 'a version works after a round trip through JSON', ['versioned'], {
    async run({ filesystem }) {
      const version = await putVersioned(filesystem, PATH, 'x');
      checkEqual(typeof version, 'string', 'the type of a version');
      const copied = JSON.parse(JSON.stringify({ version })) as { version: string };
      await filesystem.put(PATH, file('y'), copied);
      checkEqual(textOf(await filesystem.get(PATH)), 'y', 'the body');
    },
    unclaimed: refusesVersions,
  }),
  claimed(
    'version.no-aba-after-recreate',
    'a version from before a delete is refused after a recreation with the same bytes',
    ['versioned'],
    {
      async run(context) {
        const { filesystem } = context;
        const old = await putVersioned(filesystem, PATH, 'same');
        await filesystem.delete(PATH, 'any');
        await putVersioned(filesystem, PATH, 'same');
        await changesNothing(context, async () => {
          await checkRejects(() => filesystem.put(PATH, file('x'), { version: old }), MISMATCH, 'put');
          if (!context.claims.conditionalDelete) return;
          await checkRejects(() => filesystem.delete(PATH, { version: old }), MISMATCH, 'delete');
        });
      },
      unclaimed: refusesVersions,
    },
  ),
  claimed('version.no-aba-after-rewrite', 'a version is refused after the bytes changed away and back', ['versioned'], {
    async run(context) {
      const { filesystem } = context;
      const old = await putVersioned(filesystem, PATH, 'a');
      await putVersioned(filesystem, PATH, 'b');
      await putVersioned(filesystem, PATH, 'a');
      await changesNothing(context, () =>
        checkRejects(() => filesystem.put(PATH, file('x'), { version: old }), MISMATCH, 'put'),
      );
    },
    unclaimed: refusesVersions,
  }),
  claimed(
    'version.of-one-path-only',
    'the version of one path is refused at another with the same bytes',
    ['versioned'],
    {
      async run(context) {
        const { filesystem } = context;
        const other = await putVersioned(filesystem, '/version/other', 'same');
        await putVersioned(filesystem, PATH, 'same');
        await changesNothing(context, () =>
          checkRejects(() => filesystem.put(PATH, file('x'), { version: other }), MISMATCH, 'put'),
        );
      },
      unclaimed: refusesVersions,
    },
  ),
  claimed(
    'version.untouched-by-others',
    'a version still holds after entries beside it were written and deleted',
    ['versioned'],
    {
      async run({ filesystem }) {
        const version = await putVersioned(filesystem, PATH, 'x');
        await putVersioned(filesystem, '/version/beside', 'x');
        await filesystem.delete('/version/beside', 'any');
        checkEqual((await filesystem.get(PATH))?.version, version, 'the version');
        await filesystem.put(PATH, file('y'), { version });
      },
      unclaimed: refusesVersions,
    },
  ),
  claimed(
    'version.survives-reopen',
    'a version still holds after the store was closed and opened again',
    ['versioned', 'durable'],
    {
      async run(context) {
        const version = await putVersioned(context.filesystem, PATH, 'x');
        const reopened = await context.reopen();
        checkEqual((await reopened.get(PATH))?.version, version, 'the version after reopening');
        await reopened.put(PATH, file('y'), { version });
      },
      unclaimed: (context) => (context.claims.cas === 'versioned' ? staysClosed(context) : refusesVersions(context)),
    },
  ),
  claimed(
    'version.no-aba-after-reopen',
    'versions are not reused after the store was closed and opened again',
    ['versioned', 'durable'],
    {
      async run(context) {
        const old = await putVersioned(context.filesystem, PATH, 'same');
        await context.filesystem.delete(PATH, 'any');
        const reopened = await context.reopen();
        const fresh = await putVersioned(reopened, PATH, 'same');
        check(fresh !== old, 'a version that was never used before');
        await checkRejects(() => reopened.put(PATH, file('x'), { version: old }), MISMATCH, 'put');
      },
      unclaimed: (context) => (context.claims.cas === 'versioned' ? staysClosed(context) : refusesVersions(context)),
    },
  ),
  claimed(
    'version.holds-across-instances',
    'a version read through one instance holds through another',
    ['versioned', 'shared'],
    {
      async run(context) {
        const other = await context.another();
        checkEqual(await other.get(PATH), undefined, 'the entry before it is written');
        await putVersioned(context.filesystem, PATH, 'w');
        await other.get(PATH);
        const version = await putVersioned(context.filesystem, PATH, 'x');
        checkEqual((await other.get(PATH))?.version, version, 'the version through the other instance');
        await other.put(PATH, file('y'), { version });
        await checkRejects(() => context.filesystem.put(PATH, file('z'), { version }), MISMATCH, 'put');
      },
      unclaimed: (context) => (context.claims.cas === 'versioned' ? staysClosed(context) : refusesVersions(context)),
    },
  ),
  claimed(
    'version.new-per-process',
    'no version that one process was given is ever given to another',
    ['versioned', 'processes'],
    {
      async run(context) {
        const own: string[] = [];
        for (let index = 0; index < 20; index += 1) own.push(await putVersioned(context.filesystem, PATH, 'same'));
        const { processes } = context.effort.processes;
        const others = await versionsOfProcesses(context, { processes, entries: 20 });
        const all = [own, ...others].flat();
        checkEqual(all.length, 20 * (processes + 1), 'the number of writes');
        checkEqual(new Set(all).size, all.length, `the number of versions of ${all.length} writes`);
      },
      unclaimed: (context) => (context.claims.cas === 'versioned' ? staysClosed(context) : refusesVersions(context)),
    },
  ),
  claimed(
    'version.no-aba-across-processes',
    'a version that a process was given is refused after another process has recreated the entry',
    ['versioned', 'processes'],
    {
      async run(context) {
        const { filesystem } = context;
        // The first entry of the first process: as early in the life of one as in that of the other.
        const path = '/version/process 0/0';
        const [[old]] = (await versionsOfProcesses(context, { processes: 1, entries: 1 })) as [[string]];
        checkEqual((await filesystem.delete(path, 'any')).deleted, true, 'deleted');
        await versionsOfProcesses(context, { processes: 1, entries: 1 });
        await changesNothing(context, () =>
          checkRejects(() => filesystem.put(path, file('x'), { version: old }), MISMATCH, 'put'),
        );
      },
      unclaimed: (context) => (context.claims.cas === 'versioned' ? staysClosed(context) : refusesVersions(context)),
    },
  ),
];
