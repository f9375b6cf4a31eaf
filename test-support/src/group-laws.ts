import assert from 'node:assert/strict';
import type { Version } from '@holdfast/core';
import type { GroupAnswer, GroupPort } from './group-port.ts';

/** Two ways to the same store, which has nothing in it. */
export type TwoPorts = readonly [GroupPort, GroupPort];

/** How often each race is run. */
const ROUNDS = 12;

type Law = readonly [title: string, run: (ports: TwoPorts) => Promise<void>];

const landed = (answer: GroupAnswer | undefined): boolean => answer !== undefined && 'changed' in answer;

/** Makes an entry, and gives its version. */
async function make(port: GroupPort, path: string): Promise<Version> {
  await port.write(port.put(path, 'any'));
  return (await port.version(path)) as Version;
}

async function versionsOf(port: GroupPort, paths: readonly string[]): Promise<(Version | undefined)[]> {
  return Promise.all(paths.map((path) => port.version(path)));
}

/** Runs a race again and again, each time at paths of its own. */
async function race(run: (directory: string, round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) await run(`/${round}`, round);
}

/** What a driver of the SQL adapters must do with groups, whatever is behind it. Each law is run on an empty store. */
export const groupLaws: readonly Law[] = [
  [
    'a group of puts, deletes and checks lands, and tells what each changed',
    async ([a, b]) => {
      const [kept, gone, old] = [await make(a, '/kept'), await make(a, '/gone'), await make(a, '/old')];
      const [first, second] = [new Uint8Array([1, 2, 3]), new Uint8Array()];
      const third = new Uint8Array([39, 92, 0, 255]);
      const answer = await a.write(
        a.put('/n\'e"w$1{},ü', 'absent', { body: first, kind: 'k', indexed: { a: `'"\\$2\u0001`, b: null } }),
        a.put('/old', old, { body: second }),
        a.check('/kept', kept),
        a.delete('/gone', gone),
        a.delete('/nothing', 'any'),
        a.put('/any', 'any', { body: third, contentType: 'text/\\"\'' }),
        a.delete('/kept2', 'any'),
        a.check('/absent', 'absent'),
      );
      assert.deepEqual(answer, { changed: [1, 1, 0, 1, 0, 1, 0, 0] });
      const there = await Promise.all(['/n\'e"w$1{},ü', '/old', '/any'].map((path) => b.row(path)));
      assert.deepEqual(
        there.map((row) => [...new Uint8Array(row?.['body'] as Uint8Array)]),
        [first, second, third].map((body) => [...body]),
      );
      assert.equal(await b.version('/kept'), kept);
      const absent = await versionsOf(b, ['/gone', '/nothing', '/kept2', '/absent']);
      assert.deepEqual(absent, Array(4).fill(undefined));
      const text = (value: unknown): string =>
        typeof value === 'string' ? value : new TextDecoder().decode(value as ArrayBuffer);
      assert.deepEqual(JSON.parse(text(there[0]?.['indexed'])), { a: `'"\\$2\u0001`, b: null });
      assert.equal(text(there[2]?.['content_type']), 'text/\\"\'');
    },
  ],
  [
    'a mismatch in the last of many leaves nothing, and all that do not hold are named',
    async ([a, b]) => {
      const [old, gone] = [await make(a, '/old'), await make(a, '/gone')];
      const stale = await make(a, '/stale');
      const newer = await make(a, '/stale');
      const many = Array.from({ length: 40 }, (_, index) => a.put(`/many/${index}`, 'absent'));
      const last = await a.write(a.delete('/gone', gone), ...many, a.put('/old', old), a.put('/stale', stale));
      assert.deepEqual(last, { unmet: [42] });
      const all = await a.write(
        a.put('/stale', stale),
        a.put('/many/1', 'any'),
        a.check('/old', 'absent'),
        a.check('/nowhere', stale),
        a.put('/many/2', 'absent'),
        a.put('/gone', 'absent'),
        a.delete('/nowhere2', old),
        a.check('/old2', 'absent'),
      );
      assert.deepEqual(all, { unmet: [0, 2, 3, 5, 6] });
      const paths = ['/old', '/gone', '/stale', '/many/0', '/many/1', '/many/2', '/many/39'];
      assert.deepEqual(await versionsOf(b, paths), [old, gone, newer, undefined, undefined, undefined, undefined]);
    },
  ],
  [
    'each group of a list has a result of its own, and one that does not land keeps no other from it',
    async ([a, b]) => {
      const there = await make(a, '/there');
      const answers = await a.writeAll(
        [a.put('/a', 'absent')],
        [a.put('/b', 'absent'), a.put('/there', 'absent')],
        [a.put('/there', 'absent')],
        [a.delete('/nothing', 'any')],
        [a.put('/c', 'absent'), a.check('/a', 'absent')],
        [a.put('/d', 'absent'), a.check('/there', there)],
        [a.check('/there', there)],
        [a.check('/there', 'absent')],
      );
      assert.deepEqual(answers, [
        { changed: [1] },
        { unmet: [1] },
        { unmet: [0] },
        { changed: [0] },
        { unmet: [1] },
        { changed: [1, 0] },
        { changed: [0] },
        { unmet: [0] },
      ]);
      const seen = await versionsOf(b, ['/a', '/b', '/c', '/d']);
      assert.deepEqual(
        seen.map((version) => version !== undefined),
        [true, false, false, true],
      );
    },
  ],
  [
    'of two groups that each check the absence of what the other writes, one lands',
    ([a, b]) =>
      race(async (at) => {
        const both = await Promise.all([
          a.lands(a.check(`${at}/x`, 'absent'), a.put(`${at}/y`, 'absent')),
          b.lands(b.put(`${at}/x`, 'absent'), b.check(`${at}/y`, 'absent')),
        ]);
        assert.equal(both.filter(Boolean).length, 1);
      }),
  ],
  [
    'of two groups that each check the version of what the other writes, one lands',
    ([a, b]) =>
      race(async (at) => {
        const [x, y] = [await make(a, `${at}/x`), await make(b, `${at}/y`)];
        const both = await Promise.all([
          a.lands(a.check(`${at}/x`, x), a.put(`${at}/y`, y)),
          b.lands(b.check(`${at}/y`, y), b.delete(`${at}/x`, x)),
        ]);
        assert.equal(both.filter(Boolean).length, 1);
      }),
  ],
  [
    'of three groups in a ring, each checking what the next writes, not all land and one does',
    ([a, b]) =>
      race(async (at, round) => {
        const paths = [`${at}/x`, `${at}/y`, `${at}/z`];
        const expected = round % 2 === 0 ? undefined : await Promise.all(paths.map((path) => make(a, path)));
        const all = await Promise.all(
          paths.map((path, index) => {
            const [port, next] = [index === 1 ? b : a, (index + 1) % 3];
            const [mine, theirs] = [expected?.[index] ?? 'absent', expected?.[next] ?? 'absent'] as const;
            return port.lands(port.check(path, mine), port.put(paths[next] as string, theirs));
          }),
        );
        const count = all.filter(Boolean).length;
        assert.ok(count === 1 || count === 2, `${count} landed`);
      }),
  ],
  [
    'groups that cross each other do not wait for each other for good, and land as a whole',
    ([a, b]) =>
      race(async (at) => {
        const [x, y] = [`${at}/x`, `${at}/y`];
        const other = { body: new Uint8Array([2]) };
        const [ax, ay, bx, by] = [a.put(x, 'any'), a.put(y, 'any'), b.put(x, 'any', other), b.put(y, 'any', other)];
        assert.deepEqual(await Promise.all([a.lands(ax, ay), b.lands(by, bx)]), [true, true]);
        assert.deepEqual((await a.row(x))?.['body'], (await a.row(y))?.['body']);
        const [vx, vy] = [(await a.version(x)) as Version, (await a.version(y)) as Version];
        const both = await Promise.all([
          a.lands(a.put(x, vx), a.delete(y, vy)),
          b.lands(b.delete(y, vy), b.put(x, vx)),
        ]);
        assert.equal(both.filter(Boolean).length, 1);
        assert.equal(await b.version(y), undefined);
        assert.notEqual(await b.version(x), vx);
      }),
  ],
  [
    'what groups move from place to place is at one of them whenever a group of checks looks',
    async ([a, b]) => {
      const places = ['/x', '/y', '/z'];
      await make(a, '/x');
      await race(async (_, round) => {
        const [from, to] = [places[round % 3] as string, places[(round + 1) % 3] as string];
        const looks = Array.from({ length: 4 }, () =>
          b.lands(...(places.map((path) => b.check(path, 'absent')) as [unknown, ...unknown[]])),
        );
        const moved = a.write(a.delete(from, (await a.version(from)) as Version), a.put(to, 'absent'));
        assert.deepEqual(await Promise.all([...looks, moved]), [false, false, false, false, { changed: [1, 1] }]);
      });
      const version = (await a.version('/x')) as Version;
      assert.deepEqual(await b.write(b.check('/x', version), b.check('/y', 'absent')), { changed: [0, 0] });
      const unmet = await b.write(b.check('/y', version), b.check('/x', version), b.check('/x', 'absent'));
      assert.deepEqual(unmet, { unmet: [0, 2] });
    },
  ],
  [
    'who has made what a group checks the absence of, and then sees nothing of the group, has kept it from landing',
    ([a, b]) =>
      race(async (at) => {
        const [x, y] = [`${at}/x`, `${at}/y`];
        const makeAndLook = async (): Promise<Version | undefined> => {
          await a.write(a.put(x, 'any'));
          return a.version(y);
        };
        const [seen, group] = await Promise.all([makeAndLook(), b.lands(b.check(x, 'absent'), b.put(y, 'absent'))]);
        assert.ok(seen !== undefined || !group);
      }),
  ],
  [
    'who has deleted what a group checks the version of, and then sees nothing of the group, has kept it from landing',
    ([a, b]) =>
      race(async (at) => {
        const [x, y] = [`${at}/x`, `${at}/y`];
        const version = await make(a, x);
        const deleteAndLook = async (): Promise<Version | undefined> => {
          await a.write(a.delete(x, 'any'));
          return a.version(y);
        };
        const [seen, group] = await Promise.all([deleteAndLook(), b.lands(b.check(x, version), b.put(y, 'absent'))]);
        assert.ok(seen !== undefined || !group);
      }),
  ],
  [
    'what is made while a group deletes whatever is there was made before all of it or after all of it',
    ([a, b]) =>
      race(async (at) => {
        const [x, y] = [`${at}/x`, `${at}/y`];
        const makeAndLook = async (): Promise<Version | undefined> => {
          await a.write(a.put(x, 'absent'));
          return a.version(y);
        };
        const [seen, group] = await Promise.all([makeAndLook(), b.write(b.delete(x, 'any'), b.put(y, 'absent'))]);
        assert.ok(landed(group));
        if (seen === undefined) assert.equal(await b.version(x), undefined);
      }),
  ],
];
