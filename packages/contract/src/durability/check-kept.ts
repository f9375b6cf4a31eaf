import { DEFAULT_CONTENT_TYPE, type EntryInput, type RootFilesystem, type Snapshot } from '@holdfast/core';
import { sameBytes } from '@holdfast/core/adapter';
import { asStored, describeEntry } from '../model/values/entries.ts';
import { inBatches } from '../support/batches.ts';
import { file, textOf } from '../support/bodies.ts';
import { check, checkEqual } from '../support/check.ts';
import { untilNotBusy } from '../support/until-not-busy.ts';
import type { Change } from './change.ts';

/**
 * Checks that everything is as it was at one moment: after so many of the changes or, where more may have been made, after
 * some more of them. What is read, what is iterated and what is listed have to be the same. Gives the paths at which a
 * change may still be under way, which a backend that is elsewhere may not know the end of: nothing is said of these.
 */
export async function checkKept(
  filesystem: RootFilesystem,
  changes: readonly Change[],
  made: number,
): Promise<ReadonlySet<string>> {
  const paths = [...new Set(changes.map(({ path }) => path))];
  const found = new Map<string, Snapshot>();
  await inBatches(paths, async (path) => {
    const snapshot = await filesystem.get(path);
    if (snapshot !== undefined) found.set(path, snapshot);
  });
  const unsettled = checkMoment(found, changes, made);
  const settled = [...found.keys()].filter((path) => !unsettled.has(path));
  const iterated: string[] = [];
  for await (const { path, body } of filesystem.entries('/kept', { pageSize: 50 })) {
    if (unsettled.has(path)) continue;
    const read = found.get(path);
    check(read !== undefined && sameBytes(read.body, body), `${path} to be iterated as it is read`);
    iterated.push(path);
  }
  checkEqual(iterated.length, settled.length, 'the number of entries that are iterated');
  await checkListed(filesystem, settled, unsettled);
  return unsettled;
}

/** Checks that every path can be deleted, written and deleted again, whatever is there; the unsettled ones written. */
export async function checkWritable(
  filesystem: RootFilesystem,
  changes: readonly Change[],
  unsettled: ReadonlySet<string>,
): Promise<void> {
  const paths = [...new Set(changes.map(({ path }) => path))].filter((path) => !unsettled.has(path));
  await inBatches([...unsettled], (path) => putInTheEnd(filesystem, path));
  await inBatches(paths, async (path) => {
    const there = (await filesystem.get(path)) !== undefined;
    checkEqual((await filesystem.delete(path, 'any')).deleted, there, `whether ${path} was deleted, which was there`);
    await filesystem.put(path, file(path), 'any');
    checkEqual(textOf(await filesystem.get(path)), path, `the body at ${path}, written afterwards`);
  });
  await checkListed(filesystem, paths, unsettled);
  await inBatches(paths, (path) => filesystem.delete(path, 'any'));
  await checkListed(filesystem, [], unsettled);
}

/** Puts at a path that a dead process may still hold. */
export function putInTheEnd(filesystem: RootFilesystem, path: string): Promise<void> {
  return untilNotBusy(() => filesystem.put(path, file(path), 'any'));
}

/** Finds the moments at which all was as it is found; gives the paths of the changes that came next. */
function checkMoment(
  found: ReadonlyMap<string, Snapshot>,
  changes: readonly Change[],
  made: number,
): ReadonlySet<string> {
  const expected = new Map<string, EntryInput | undefined>();
  for (const { path, entry } of changes.slice(0, made)) expected.set(path, entry);
  const isWrong = (path: string): boolean => !isStored(found.get(path), expected.get(path));
  const wrong = new Set(changes.map(({ path }) => path).filter(isWrong));
  const [first] = wrong;
  const [expectedFirst, foundFirst] = first === undefined ? [] : [expected.get(first), found.get(first)];
  let fits = wrong.size === 0;
  const next = new Set<string>();
  for (const { path, entry } of changes.slice(made)) {
    if (wrong.size === 0) next.add(path);
    expected.set(path, entry);
    if (isWrong(path)) wrong.add(path);
    else wrong.delete(path);
    fits ||= wrong.size === 0;
  }
  const reached = made === changes.length ? 'all changes' : `change ${made}, or after a later one`;
  check(
    fits,
    `everything as it was after ${reached}; at ${first} there is ${described(foundFirst)}, ` +
      `and after change ${made} there was ${described(expectedFirst)}`,
  );
  return next;
}

function isStored(found: Snapshot | undefined, given: EntryInput | undefined): boolean {
  if (found === undefined || given === undefined) return found === given;
  const { body, kind, contentType, indexed } = found;
  // Of the bodies, which may be large, only is told what differs.
  const entry = { body: new Uint8Array(0), kind, contentType, ...(indexed === undefined ? {} : { indexed }) };
  const expected = { contentType: DEFAULT_CONTENT_TYPE, ...asStored(given), body: new Uint8Array(0) };
  return sameBytes(body, given.body) && describeEntry(entry) === describeEntry(expected);
}

function described(entry: EntryInput | undefined): string {
  return entry === undefined ? 'nothing' : describeEntry(entry);
}

/** Checks that the names that are listed are those that lead to the paths, at every level, but for the unsettled ones. */
async function checkListed(
  filesystem: RootFilesystem,
  paths: readonly string[],
  unsettled: ReadonlySet<string>,
): Promise<void> {
  const namesIn = namesOf(paths);
  const perhapsIn = namesOf([...unsettled]);
  await inBatches([...namesIn], async ([directory, names]) => {
    const { children } = await filesystem.list(directory || '/', { limit: 1000 });
    const perhaps = perhapsIn.get(directory);
    const listed = children.map(({ name }) => name).filter((name) => names.has(name) || perhaps?.has(name) !== true);
    checkEqual(listed.toSorted(), [...names].toSorted(), `the names in ${directory || '/'}`);
  });
}

/** By directory, `''` for the root, the names in it that lead to the paths. */
function namesOf(paths: readonly string[]): Map<string, Set<string>> {
  const namesIn = new Map<string, Set<string>>([['', new Set()]]);
  for (const path of paths) {
    for (let end = path.length; end > 0;) {
      const start = path.lastIndexOf('/', end - 1);
      const directory = path.slice(0, start);
      namesIn.set(directory, (namesIn.get(directory) ?? new Set<string>()).add(path.slice(start + 1, end)));
      end = start;
    }
  }
  return namesIn;
}
