import fc from 'fast-check';
import { parseEntry } from '../../src/entries/parse-entry.ts';
import type { Snapshot } from '../../src/entries/entry.ts';
import type { Permission } from '../../src/routing/route.ts';
import { parsePath } from '../../src/paths/virtual-path.ts';
import { mintVersion } from '../../src/versions/version.ts';
import { bytes } from './bytes.ts';
import type { Step } from './compare-with-model.ts';
import { EVERYTHING, MapFilesystem } from './map-filesystem.ts';

/** Few names, so that things meet; around `/`, and on both sides of the surrogates, where orders differ. */
const name: fc.Arbitrary<string> = fc.constantFrom('a', 'a', 'a', 'b', 'a!', 'a0', '\uff5e', '😀');

/** No segment, one or two, each with a slash before it. */
export const suffix: fc.Arbitrary<string> = fc
  .array(name, { maxLength: 2 })
  .map((names) => names.map((it) => `/${it}`).join(''));

/** A directory that is often the root. */
export const place: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.constant('/') },
  { weight: 4, arbitrary: fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => `/${names.join('/')}`) },
);

/** Often all of them. */
export const permissions: fc.Arbitrary<Permission[]> = fc.oneof(
  { weight: 7, arbitrary: fc.constant<Permission[]>(['read', 'write', 'delete', 'list']) },
  { weight: 1, arbitrary: fc.constant<Permission[]>(['read', 'list']) },
  { weight: 3, arbitrary: fc.subarray<Permission>(['read', 'write', 'delete', 'list']) },
);

/** One of the directories that a filesystem begins in, and something below. */
export interface Spot {
  readonly pick: number;
  readonly suffix: string;
}

/** A {@link Spot}. */
export const spot: fc.Arbitrary<Spot> = fc.record({ pick: fc.nat(), suffix });

/** A {@link Step}, but for the directories that its paths are in. */
export const step: fc.Arbitrary<
  Omit<Step, 'path' | 'after'> & { readonly at: Spot; readonly after: Spot | undefined }
> = fc.record({
  operation: fc.constantFrom<Step['operation']>(
    'capabilities',
    'get',
    'put',
    'create',
    'update',
    'delete',
    'list',
    'list',
    'entries',
    'entries',
  ),
  at: spot,
  after: fc.option(spot, { nil: undefined, freq: 2 }),
  limit: fc.integer({ min: 1, max: 4 }),
  text: fc.constantFrom('one', 'two'),
});

/** Where a spot is, among directories that there are. */
export function placeOf({ pick, suffix: end }: Spot, directories: readonly string[]): string {
  const start = directories[pick % directories.length] ?? '/';
  return start === '/' ? end || '/' : start + end;
}

/** The step, at one of the directories. */
export function stepAt(
  { at, after, operation, limit, text }: typeof step extends fc.Arbitrary<infer T> ? T : never,
  directories: readonly string[],
): Step {
  const path = placeOf(at, directories);
  const cursor = after && placeOf(after, directories);
  const isEntry = operation !== 'list' && operation !== 'entries';
  return {
    operation,
    path: path === '/' && isEntry ? '/a' : path,
    after: cursor === undefined || cursor === '/' ? undefined : { path: cursor, name: cursor.split('/').at(-1) ?? '' },
    limit,
    text,
  };
}

/** A filesystem that holds texts. */
export function storing(texts: ReadonlyMap<string, string>): MapFilesystem {
  const filesystem = new MapFilesystem(EVERYTHING);
  for (const [path, text] of texts) {
    const snapshot: Snapshot = {
      ...parseEntry({ body: bytes(text) }),
      path: parsePath(path),
      version: mintVersion(),
    };
    filesystem.stored.set(path, snapshot);
  }
  return filesystem;
}
