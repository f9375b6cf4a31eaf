import { expect, test } from 'vitest';
import { CasApply } from '../src/cas/cas-apply.ts';
import { casUpdate } from '../src/cas/cas-update.ts';
import { jsonCodec } from '../src/codecs/json-codec.ts';
import { isHoldfastError } from '../src/errors/holdfast-error.ts';
import type { Snapshot } from '../src/entries/entry.ts';
import { commit } from '../src/operations/commit/commit.ts';
import type { RootFilesystem } from '../src/filesystem/root-filesystem.ts';
import type { Permission } from '../src/routing/route.ts';
import { scopedView } from '../src/views/scoped-view.ts';
import { mintVersion, type Version } from '../src/versions/version.ts';
import { bytes } from './support/bytes.ts';
import { CommittingFilesystem } from './support/committing-filesystem.ts';

const PERMISSIONS = ['read', 'write', 'delete', 'list'] as const satisfies readonly Permission[];
const SETS: readonly (readonly Permission[])[] = Array.from({ length: 16 }, (_, bits) =>
  PERMISSIONS.filter((__, index) => (bits & (1 << index)) !== 0),
);

const long = process.env['HOLDFAST_LONG'] === '1';

const codec = jsonCodec<number>({ kind: 'n' });
const record = { body: bytes('1'), contentType: 'application/json', kind: 'n' };
const stale: Version = mintVersion();

interface Operation {
  /** What it needs, in the order in which it needs it. */
  readonly needs: readonly Permission[];
  readonly run: (filesystem: RootFilesystem) => unknown;
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  capabilitiesAt: { needs: [], run: (fs) => fs.capabilitiesAt('/e') },
  get: { needs: ['read'], run: (fs) => fs.get('/e') },
  'get, of nothing': { needs: ['read'], run: (fs) => fs.get('/none') },
  "put, 'any'": { needs: ['write'], run: (fs) => fs.put('/e', { body: bytes('y') }, 'any') },
  "put, 'absent'": { needs: ['write'], run: (fs) => fs.put('/new', { body: bytes('y') }, 'absent') },
  "put, 'absent', of a record": { needs: ['write'], run: (fs) => fs.put('/new', record, 'absent') },
  "put, 'absent', of what is there": { needs: ['write'], run: (fs) => fs.put('/e', { body: bytes('y') }, 'absent') },
  'put, of a version': { needs: ['write'], run: (fs) => fs.put('/e', { body: bytes('y') }, { version: stale }) },
  "delete, 'any'": { needs: ['delete'], run: (fs) => fs.delete('/e', 'any') },
  'delete, of nothing': { needs: ['delete'], run: (fs) => fs.delete('/none', 'any') },
  'delete, of a version': { needs: ['delete'], run: (fs) => fs.delete('/e', { version: stale }) },
  list: { needs: ['list'], run: (fs) => fs.list('/') },
  'list, below': { needs: ['list'], run: (fs) => fs.list('/d', { limit: 1 }) },
  entries: { needs: ['read', 'list'], run: (fs) => fs.entries('/').next() },
  'entries, below': { needs: ['read', 'list'], run: (fs) => fs.entries('/d', { pageSize: 1 }).next() },
  'casUpdate that writes': {
    needs: ['read', 'write'],
    run: (fs) => casUpdate(fs, '/n', codec, () => CasApply.write(2)),
  },
  'casUpdate that creates': {
    needs: ['read', 'write'],
    run: (fs) => casUpdate(fs, '/m', codec, () => CasApply.write(2)),
  },
  'casUpdate that deletes': {
    needs: ['read', 'delete'],
    run: (fs) => casUpdate(fs, '/n', codec, () => CasApply.delete()),
  },
  'commit of a put': {
    needs: ['write'],
    run: (fs) => commit(fs, [{ put: '/e', entry: record, expectation: 'any' }]),
  },
  'commit of checks': { needs: ['read'], run: (fs) => commit(fs, [{ check: '/e', expectation: 'absent' }]) },
  'commit of everything': {
    needs: ['read', 'write', 'delete'],
    run: (fs) =>
      commit(fs, [
        { check: '/n', expectation: { version: stale } },
        { put: '/new', entry: record, expectation: 'absent' },
        { delete: '/e', expectation: { version: stale } },
      ]),
  },
  'casUpdate that changes nothing': { needs: ['read'], run: (fs) => casUpdate(fs, '/n', codec, () => CasApply.noOp()) },
};

/** The same place, through one view for each of the sets, each under another name. */
function through(sets: readonly (readonly Permission[])[]): {
  readonly view: RootFilesystem;
  readonly backend: CommittingFilesystem;
} {
  const backend = new CommittingFilesystem();
  const below = (path: string): string => '/l0' + path;
  for (const path of ['/e', '/d/e', '/d/f', '/n']) {
    const { body, kind, contentType } =
      path === '/n' ? record : { body: bytes('x'), kind: undefined, contentType: 'text/plain' };
    const there = below(path) as never;
    backend.stored.set(there, { path: there, body, contentType, kind, indexed: undefined, version: mintVersion() });
  }
  let view: RootFilesystem = backend;
  sets.forEach((permissions, level) => {
    const at = level === sets.length - 1 ? '/' : `/l${level + 1}`;
    view = scopedView(view, [{ at, to: `/l${level}`, permissions }]);
  });
  return { view, backend };
}

/** Every way to give each of so many views one of the sets; where short, those in which two of them at most deny. */
function combinations(depth: number): (readonly (readonly Permission[])[])[] {
  if (depth === 0) return [[]];
  const all = combinations(depth - 1).flatMap((outer) => SETS.map((set) => [...outer, set]));
  return all.filter((sets) => long || sets.filter((set) => set.length < PERMISSIONS.length).length <= 2);
}

/** The code of what it ends with, if it is a refusal of an argument or a permission, and what may follow from one. */
async function end(run: () => unknown): Promise<string> {
  try {
    await run();
    return 'done';
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    return error.code === 'VERSION_MISMATCH' ? 'done' : error.code;
  }
}

/** Whether they hold the very same snapshots, and no others. */
function sameEntries(one: ReadonlyMap<string, Snapshot>, other: ReadonlyMap<string, Snapshot>): boolean {
  return one.size === other.size && [...one].every(([path, snapshot]) => other.get(path) === snapshot);
}

test.each([1, 2, 3])(
  'through %i views, an operation is allowed if each of them allows it, and otherwise touches nothing',
  async (depth) => {
    const wrong: string[] = [];
    for (const sets of combinations(depth)) {
      const granted = PERMISSIONS.filter((permission) => sets.every((set) => set.includes(permission)));
      for (const [name, { needs, run }] of Object.entries(OPERATIONS)) {
        const { view, backend } = through(sets);
        const before = new Map(backend.stored);
        const missing = needs.findIndex((need) => !granted.includes(need));
        const expected = missing === -1 ? 'done' : 'ACCESS_DENIED';
        const actual = await end(() => run(view));
        // Of an update, what it needs first may be granted, and has been used.
        const untouched =
          expected === 'done' || (name.startsWith('casUpdate') && missing > 0) || backend.calls.length === 0;
        const unchanged = expected === 'done' || sameEntries(before, backend.stored);
        if (actual !== expected || !untouched || !unchanged)
          wrong.push(`${name} through ${JSON.stringify(sets)}: ${actual}`);
      }
    }
    expect(wrong).toEqual([]);
  },
);

test('what is denied is denied with the name of the operation, the path and the permission', async () => {
  const { view } = through([[]]);
  for (const [operation, permission, run] of [
    ['get', 'read', () => view.get('/e')],
    ['put', 'write', () => view.put('/e', { body: bytes('') }, 'any')],
    ['delete', 'delete', () => view.delete('/e', 'any')],
    ['list', 'list', () => view.list('/d')],
    ['entries', 'read', () => view.entries('/d').next()],
  ] as const) {
    const error: unknown = await Promise.resolve(run()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'ACCESS_DENIED',
      operation,
      path: operation === 'list' || operation === 'entries' ? '/d' : '/e',
      message: expect.stringContaining(`"${permission}"`) as string,
      outcome: operation === 'put' || operation === 'delete' ? 'not-applied' : undefined,
    });
  }
});
