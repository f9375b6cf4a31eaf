import { commit, type Change, type EntryInput, type Snapshot } from '@holdfast/core';
import { sameBytes } from '@holdfast/core/adapter';
import type { ScenarioContext } from '../running/scenario-context.ts';
import type { Scenario } from '../scenario.ts';
import { inBatches, numbered } from '../support/batches.ts';
import { patternedBytes, textOf } from '../support/bodies.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';
import { aboutCommits, checks, deletes, puts } from '../support/commits.ts';
import { changesNothing } from '../support/states.ts';

/** The longest commit of a scenario, in bytes of bodies: as long as the longest body of any. */
const MOST_BYTES = 2 ** 26;

/** How long bodies of one commit are, in bytes, none like the one beside it. */
const LENGTHS = [0, 1, 70_000, 0, 300, 5_000, 1, 20_000];

/** Entries that differ in every part that the backend takes, some of them with nothing but a body. */
function variousEntries({ claims }: ScenarioContext): readonly EntryInput[] {
  const { contentTypes, records, indexed, maxBodyBytes, maxCommitBytes } = claims;
  const longest = Math.min(maxBodyBytes, Math.floor(maxCommitBytes / LENGTHS.length));
  return LENGTHS.map((length, index) => ({
    body: patternedBytes(Math.min(length, longest) + index).subarray(index),
    ...(contentTypes && index % 2 === 1 ? { contentType: `text/x-${index}` } : {}),
    ...(records && index % 3 !== 0 ? { kind: `Kind${index}` } : {}),
    ...(records && indexed && index % 3 === 2 ? { indexed: { [`key${index}`]: index, name: `n${index}` } } : {}),
  }));
}

/** All that an entry is beside its body. */
function metadataOf({ contentType, kind, indexed }: Snapshot): unknown {
  return { contentType, kind, indexed };
}

/** The bodies that a commit may have at most, as few as there can be. */
function longestBodies({ claims }: ScenarioContext): readonly number[] {
  const { maxBodyBytes, maxCommitBytes, maxCommitChanges } = claims;
  const bytes = Math.min(maxCommitBytes, MOST_BYTES, maxBodyBytes * maxCommitChanges);
  const whole = Math.floor(bytes / maxBodyBytes);
  const rest = bytes - whole * maxBodyBytes;
  return [...Array<number>(whole).fill(maxBodyBytes), ...(rest > 0 ? [rest] : [])];
}

/** What the entries of one commit have to do with each other: nothing. */
export const commitEntryScenarios: readonly Scenario[] = [
  aboutCommits(
    'commit.entries-kept-apart',
    'each entry of a commit is stored as a put of it would be, whatever is put beside it and done to it afterwards',
    async (context) => {
      const { filesystem } = context;
      const entries = variousEntries(context);
      await inBatches([...entries.entries()], ([index, entry]) => filesystem.put(`/single/${index}`, entry, 'any'));
      // What is replaced is another one, of which nothing may stay.
      await commit(
        filesystem,
        entries.map((entry, index) => ({
          put: `/commit/${(index + 3) % entries.length}`,
          entry,
          expectation: 'absent',
        })),
      );
      const given = entries.map((entry) => ({ ...entry, body: new Uint8Array(entry.body) }));
      const changes = given.map((entry, index): Change => ({ put: `/commit/${index}`, entry, expectation: 'any' }));
      const pending = commit(filesystem, changes);
      for (const { body } of given) body.fill(0x21);
      changes.length = 0;
      await pending;
      const compare = async (): Promise<void> => {
        for (const index of entries.keys()) {
          const [alone, together] = [
            await filesystem.get(`/single/${index}`),
            await filesystem.get(`/commit/${index}`),
          ];
          check(alone !== undefined && together !== undefined, `entry ${index} of a commit to be there`);
          checkEqual(metadataOf(together), metadataOf(alone), `what entry ${index} of a commit is stored with`);
          check(sameBytes(together.body, alone.body), `the body of entry ${index} of a commit, whole`);
          // Whoever reads one may write into it.
          together.body.fill(0x22);
        }
      };
      await compare();
      await compare();
    },
  ),
  aboutCommits(
    'commit.deletes',
    'what a commit deletes is gone from every way to read it, and can be made again',
    async (context) => {
      const { filesystem } = context;
      const paths = ['/commit/a', '/commit/b/c', '/commit/b/d', '/commit/e'];
      const namesIn = async (directory: string): Promise<string[]> =>
        (await filesystem.list(directory)).children.map(({ name }) => name);
      for (let round = 0; round < 2; round += 1) {
        await commit(
          filesystem,
          paths.map((path) => puts(path, `${round}`, 'absent')),
        );
        checkEqual(await namesIn('/commit'), ['a', 'b', 'e'], 'what is listed');
        await commit(filesystem, [deletes('/commit/b/c'), puts('/commit/a', 'still'), deletes('/commit/b/d')]);
        checkEqual(await namesIn('/commit'), ['a', 'e'], 'what is listed when the last below a directory is deleted');
        checkEqual(await namesIn('/commit/b'), [], 'what is listed where all was deleted');
        const left: string[] = [];
        for await (const { path } of filesystem.entries('/')) left.push(path);
        checkEqual(left, ['/commit/a', '/commit/e'], 'what is iterated');
        checkEqual(
          (await filesystem.delete('/commit/b/c', 'any')).deleted,
          false,
          'whether it was there to be deleted',
        );
        await commit(filesystem, [deletes('/commit/a'), checks('/commit/b/c', 'absent'), deletes('/commit/e')]);
        checkEqual(await context.everything(), [], 'what is left');
      }
    },
  ),
  aboutCommits(
    'commit.most-changes',
    'a commit may have as many changes as are claimed, of every sort, and none is left out',
    async (context) => {
      const { filesystem, claims } = context;
      const paths = numbered('/commit/', claims.maxCommitChanges);
      await commit(
        filesystem,
        paths.map((path) => puts(path, path, 'absent')),
      );
      const found = new Map<string, string | undefined>();
      for await (const entry of filesystem.entries('/commit')) found.set(entry.path, textOf(entry));
      checkEqual(found.size, paths.length, 'the number of entries');
      for (const path of paths) checkEqual(found.get(path), path, `the body at ${path}`);
      const version = (await filesystem.get(paths.at(-1) as string))?.version as string;
      const mixed = paths.map((path, index) => {
        if (index === paths.length - 1 || index % 4 === 3) return checks(path, { version });
        return index % 4 === 2 ? deletes(path) : puts(path, 'again', { version });
      });
      await commit(filesystem, mixed);
      const left = new Map<string, string | undefined>();
      for await (const entry of filesystem.entries('/commit')) left.set(entry.path, textOf(entry));
      for (const [index, change] of mixed.entries()) {
        const path = paths[index] as string;
        const expected = change.put !== undefined ? 'again' : change.delete !== undefined ? undefined : path;
        checkEqual(left.get(path), expected, `what is at ${path}, change ${index + 1} of ${mixed.length}`);
      }
    },
  ),
  aboutCommits('commit.most-bytes', 'a commit may have as many bytes as are claimed', async (context) => {
    const { filesystem } = context;
    const bodies = longestBodies(context).map((length, index) => new Uint8Array(length).fill(0x61 + (index % 26)));
    await commit(
      filesystem,
      bodies.map((body, index) => ({ put: `/commit/${index}`, entry: { body }, expectation: 'any' })),
    );
    for (const [index, body] of bodies.entries()) {
      const found = await filesystem.get(`/commit/${index}`);
      check(found !== undefined && sameBytes(found.body, body), `the whole body at /commit/${index}`);
    }
  }),
  aboutCommits(
    'commit.too-large',
    'a commit of more changes or bytes than are claimed is refused before anything is touched, and says which limit it is',
    async (context) => {
      const { filesystem, claims } = context;
      const { maxCommitChanges, maxCommitBytes, maxBodyBytes } = claims;
      const faults = context.faults();
      await changesNothing(context, async () => {
        const before = faults.calls.length;
        const changes = numbered('/commit/', maxCommitChanges + 1).map((path) => checks(path, 'absent'));
        const refused = { code: 'COMMIT_TOO_LARGE', outcome: 'not-applied', path: '/commit/000000' } as const;
        const many = await checkRejects(() => commit(filesystem, changes), refused, 'a commit of one change too many');
        checkEqual(many.capability, 'maxCommitChanges', 'the limit that is named');
        const full = longestBodies(context);
        // A longer one takes more memory than a scenario should.
        if (full.reduce((sum, length) => sum + length, 0) === maxCommitBytes && full.length < maxCommitChanges) {
          const body = new Uint8Array(maxBodyBytes);
          const over = [1, ...full].map((length, index): Change => ({
            put: `/commit/${String(index).padStart(6, '0')}`,
            entry: { body: body.subarray(0, length) },
            expectation: 'any',
          }));
          const long = await checkRejects(() => commit(filesystem, over), refused, 'a commit of one byte too many');
          checkEqual(long.capability, 'maxCommitBytes', 'the limit that is named');
        }
        if (maxBodyBytes < MOST_BYTES) {
          const tooLong = {
            put: '/commit/long',
            entry: { body: new Uint8Array(maxBodyBytes + 1) },
            expectation: 'any',
          } as const;
          await checkRejects(
            () => commit(filesystem, [puts('/commit/short', 'x'), tooLong]),
            { code: ['BODY_TOO_LARGE', 'COMMIT_TOO_LARGE'], outcome: 'not-applied' },
            'a commit of which one body is too long',
          );
        }
        checkEqual(faults.calls.length, before, 'the number of backend calls');
      });
    },
  ),
];
