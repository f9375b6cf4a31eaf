import { readdirSync, renameSync, symlinkSync } from 'node:fs';
import { mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isHoldfastError } from '@holdfast/core';
import { describe, expect, test } from 'vitest';
import type { LocalDiskFilesystem } from '../src/local-disk-filesystem.ts';
import { isTempName } from '../src/names/temp-name.ts';
import { BY_DESCRIPTOR } from '../src/tree/by-descriptor.ts';
import type { Containment } from '../src/tree/containment.ts';
import { CONTAINMENTS } from './support/containments.ts';
import { flip } from './support/flipper.ts';
import { intercept, type CallName } from './support/intercept.ts';
import { openIn } from './support/open-in.ts';
import { openFiles } from './support/open-files.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch, snapshotOf, type Scratch } from './support/scratch.ts';
import { text, textOf } from './support/text.ts';

type Call = (disk: LocalDiskFilesystem) => Promise<unknown>;

async function bodies(disk: LocalDiskFilesystem, prefix: string): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for await (const entry of disk.entries(prefix)) found.push(textOf(entry));
  return found;
}

/** Calls that reach into `/d`, where the outside has a file of every name they use. */
const CALLS: Readonly<Record<string, Call>> = {
  get: async (disk) => textOf(await disk.get('/d/secret')),
  'get deeper': async (disk) => textOf(await disk.get('/d/e/secret')),
  "put 'any'": (disk) => disk.put('/d/secret', text('WRITTEN'), 'any'),
  "put 'absent'": (disk) => disk.put('/d/new', text('WRITTEN'), 'absent'),
  'put deeper': (disk) => disk.put('/d/e/secret', text('WRITTEN'), 'any'),
  'put in a new directory': (disk) => disk.put('/d/new/a/b', text('WRITTEN'), 'any'),
  'put on an empty directory': (disk) => disk.put('/d/empty', text('WRITTEN'), 'any'),
  delete: (disk) => disk.delete('/d/secret', 'any'),
  'delete deeper': (disk) => disk.delete('/d/e/secret', 'any'),
  list: async (disk) => (await disk.list('/d')).children.map(({ name }) => name),
  entries: (disk) => bodies(disk, '/d'),
  'entries of all': (disk) => bodies(disk, '/'),
};

const SECRETS = { secret: 'SECRET', e: 'directory', 'e/secret': 'SECRET', only: 'SECRET', empty: 'directory' };

async function prepare({ root, outside }: Scratch): Promise<void> {
  for (const [at, body] of [
    [join(root, 'd'), 'public'],
    [outside, 'SECRET'],
  ] as const) {
    await mkdir(join(at, 'e'), { recursive: true });
    await mkdir(join(at, 'empty'));
    await writeFile(join(at, 'secret'), body);
    await writeFile(join(at, 'e/secret'), body);
  }
  await writeFile(join(outside, 'only'), 'SECRET');
}

function mustBeTyped(error: unknown): string {
  if (!isHoldfastError(error)) throw error;
  return error.code;
}

describe.each(CONTAINMENTS)('contained by $kind', (containment) => {
  test.each(Object.entries(CALLS))(
    '%s: a directory swapped for a link before any single call is not followed',
    async (_, call) => {
      for (let at = 0, more = true; more; at += 1) {
        await using scratch = await makeScratch();
        await prepare(scratch);
        const d = join(scratch.root, 'd');
        let made = 0;
        let swappedBefore: CallName | undefined;
        const strayed: string[] = [];
        const calls = intercept((called, real) => {
          if (called === 'file.write') strayed.push(...readdirSync(scratch.outside).filter(isTempName));
          if (made === at) {
            renameSync(d, `${d}.aside`);
            symlinkSync(scratch.outside, d);
            swappedBefore = called;
          }
          made += 1;
          return real();
        });
        await using disk = await openIn(scratch, { calls, containment });
        const before = openFiles(scratch);
        const answer = await call(disk).catch(mustBeTyped);
        expect(JSON.stringify(answer ?? null)).not.toMatch(/SECRET|only/);
        expect(strayed).toEqual([]);
        expect(openFiles(scratch)).toBe(before);
        const outside = await snapshotOf(scratch.outside);
        expect(Object.values(outside)).not.toContain('WRITTEN');
        if (containment.kind === 'descriptor') expect(outside).toEqual(SECRETS);
        // What the README says a redirected call can do: make or remove a directory, or delete a file.
        else if (swappedBefore !== 'unlink') expect({ ...outside, empty: 'directory' }).toMatchObject(SECRETS);
        more = made > at;
      }
    },
  );
});

test.each(['any', 'absent'] as const)(
  "a directory moved away while the body is written is not published in by '%s'",
  async (expectation) => {
    for (const containment of CONTAINMENTS) {
      await using scratch = await makeScratch();
      await prepare(scratch);
      const [d, aside] = [join(scratch.root, 'd'), join(scratch.outside, 'aside')];
      const calls = intercept(async (name, real) => {
        if (name === 'file.write') await rename(d, aside);
        return real();
      });
      await using disk = await openIn(scratch, { calls, containment });
      expect(await refusal(disk.put('/d/new', text('WRITTEN'), expectation))).toBe('ACCESS_DENIED not-applied');
      expect(await readdir(aside)).not.toContain('new');
    }
  },
);

// So many rounds at least, and more of them until there were so many swaps, and calls on both sides of one.
const ROUNDS =
  process.env['HOLDFAST_LONG'] === '1'
    ? { least: 4000, most: 40_000, flips: 20_000 }
    : { least: 60, most: 1500, flips: 300 };
const STORM_TIMEOUT_MS = 600_000;

describe.runIf(process.platform === 'linux')('while a thread keeps swapping', () => {
  const swapped = {
    'a directory and a link to outside': { path: 'd', target: '../outside', prefix: '/d' },
    'a directory above it and a link to outside': { path: 'd', target: '../outside', prefix: '/d/e' },
    'a file and a link to outside': { path: 'd/secret', target: '../../outside/secret', prefix: '/d' },
    'a directory and a dangling link': { path: 'd', target: '../outside/nothing', prefix: '/d' },
  };

  test.each(Object.entries(swapped))(
    '%s, nothing outside is read or written',
    async (_, { path, target, prefix }) => {
      await using scratch = await makeScratch();
      await prepare(scratch);
      const { leaks, codes, successes } = await storm(scratch, BY_DESCRIPTOR, { path, target, prefix });
      expect(leaks).toBe(0);
      // The storm did meet both sides of the swap.
      expect(codes.get('ACCESS_DENIED')).toBeGreaterThan(0);
      expect(successes).toBeGreaterThan(0);
      const expected = ['ACCESS_DENIED', 'BUSY', 'PATH_CONFLICT', 'VERSION_MISMATCH'];
      expect([...codes.keys()].filter((code) => !expected.includes(code))).toEqual([]);
      expect(await snapshotOf(scratch.outside)).toEqual(SECRETS);
    },
    STORM_TIMEOUT_MS,
  );

  test(
    'a containment that only trusts paths leaks, so that the storm is known to tell',
    async () => {
      await using scratch = await makeScratch();
      await prepare(scratch);
      const before = await snapshotOf(scratch.outside);
      const trusting: Containment = {
        kind: 'path-checks',
        reach: ({ host }) => host,
        holds: () => Promise.resolve(true),
        held: () => Promise.resolve(true),
        heldFile: () => Promise.resolve(true),
      };
      const swap = { path: 'd', target: '../outside', prefix: '/d', untilLeak: true };
      const { leaks } = await storm(scratch, trusting, swap);
      // Something came out, or something outside was changed, after which there is less to come out.
      const changed = JSON.stringify(await snapshotOf(scratch.outside)) !== JSON.stringify(before);
      expect(leaks > 0 || changed).toBe(true);
    },
    STORM_TIMEOUT_MS,
  );
});

/** What is swapped for what, below what it is used, and whether the first leak is enough. */
interface Swap {
  readonly path: string;
  readonly target: string;
  readonly prefix: string;
  readonly untilLeak?: boolean;
}

/** Reads, writes, lists and deletes while the swapping goes on, and counts what came out. */
async function storm(
  scratch: Scratch,
  containment: Containment,
  { path, target, prefix, untilLeak = false }: Swap,
): Promise<{ leaks: number; codes: Map<string, number>; successes: number }> {
  await using disk = await openIn(scratch, { containment });
  await using flipper = flip(join(scratch.root, path), target);
  const codes = new Map<string, number>();
  let [leaks, successes] = [0, 0];
  const attempt = async (call: () => Promise<unknown>): Promise<void> => {
    try {
      const answer = await call();
      successes += 1;
      if (/SECRET|only/.test(JSON.stringify(answer ?? null))) leaks += 1;
    } catch (error) {
      const code = mustBeTyped(error);
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
  };
  const metBoth = (): boolean => codes.has('ACCESS_DENIED') && successes > 0;
  const isEnough = (round: number): boolean =>
    untilLeak ? leaks > 0 : round >= ROUNDS.least && flipper.flips() >= ROUNDS.flips && metBoth();
  for (let round = 0; !isEnough(round) && round < ROUNDS.most; round += 1) {
    await Promise.all([
      attempt(async () => textOf(await disk.get(`${prefix}/secret`))),
      attempt(async () => textOf(await disk.get(`${prefix}/only`))),
      attempt(() => disk.put(`${prefix}/secret`, text('public'), 'any')),
      attempt(() => disk.put(`${prefix}/new`, text('public'), 'absent')),
      attempt(() => disk.delete(`${prefix}/new`, 'any')),
      attempt(() => disk.delete(`${prefix}/only`, 'any')),
      attempt(async () => (await disk.list(prefix)).children.map(({ name }) => name)),
      attempt(() => bodies(disk, '/')),
    ]);
  }
  return { leaks, codes, successes };
}

test('a link that is in place only while the call opens it is not followed', async () => {
  for (const containment of CONTAINMENTS) {
    await using scratch = await makeScratch();
    await prepare(scratch);
    const d = join(scratch.root, 'd');
    // The worst case for checks: out while the file is opened, and back before anybody looks.
    const calls = intercept(async (name, real, args) => {
      if (name !== 'open' || !String(args[0]).endsWith('/secret')) return real();
      await rename(d, `${d}.aside`);
      await symlink(scratch.outside, d);
      try {
        return await real();
      } finally {
        await calls.unlink(d);
        await rename(`${d}.aside`, d);
      }
    });
    await using disk = await openIn(scratch, { calls, containment });
    const answer = await disk.get('/d/secret').then(textOf, mustBeTyped);
    expect(answer).toBe(containment.kind === 'descriptor' ? 'public' : 'BUSY');
  }
});
