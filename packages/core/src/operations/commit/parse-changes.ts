import type { Entry } from '../../entries/entry.ts';
import { ENTRY_KEYS, parseEntry } from '../../entries/parse-entry.ts';
import { HoldfastError, isHoldfastError } from '../../errors/holdfast-error.ts';
import { invalidArgument } from '../../errors/invalid-argument.ts';
import { withOwnWords } from '../../errors/own-error.ts';
import {
  parseCheckExpectation,
  parseDeleteExpectation,
  parseExpectation,
  type ParsedCheckExpectation,
  type ParsedDeleteExpectation,
  type ParsedExpectation,
} from '../../expectations/cas-expectation.ts';
import { readArray, readOptions } from '../../filesystem/check-options.ts';
import { parsePath, type VirtualPath } from '../../paths/virtual-path.ts';

/** One change of a commit: checked, copied, and not yet sent. */
export type ParsedChange =
  | {
      readonly change: 'put';
      readonly path: VirtualPath;
      readonly entry: Entry;
      readonly expectation: ParsedExpectation;
    }
  | { readonly change: 'delete'; readonly path: VirtualPath; readonly expectation: ParsedDeleteExpectation }
  | { readonly change: 'check'; readonly path: VirtualPath; readonly expectation: ParsedCheckExpectation };

const CHANGES = ['put', 'delete', 'check'] as const;
const KEYS = [...CHANGES, 'entry', 'expectation'] as const;
const PLACES = { entry: ENTRY_KEYS, expectation: ['version'] } as const;

/** The changes of a commit, as they become known. */
export interface ReadChanges {
  /** That of the first. */
  readonly path: VirtualPath;
  /** Those of which is known what they do and where: the first, and once the rest was looked at, all before one that is wrong. */
  readonly aimed: readonly Pick<Aimed, 'change' | 'path'>[];
  readonly rest: () => readonly ParsedChange[];
}

interface Aimed {
  readonly name: string;
  readonly change: (typeof CHANGES)[number];
  readonly path: VirtualPath;
  readonly entry: unknown;
  readonly expectation: unknown;
}

/**
 * The changes of a commit, each looked at once, and the path of the first, which is known before anything else that may be
 * wrong: only then are the others looked at.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`, `INVALID_PATH`, each with the name of the argument, and with the path of the
 * change that is to blame where it has one
 */
export function readChanges(value: unknown): ReadChanges {
  const given = readArray('changes', value);
  if (given.length === 0) throw new HoldfastError('INVALID_ARGUMENT', 'changes must have at least one change');
  const first = aim(given[0], 0);
  const aimed = [first];
  return {
    path: first.path,
    aimed,
    rest: () => {
      for (const [index, each] of given.entries()) if (index > 0) aimed.push(aim(each, index));
      refuseTwice(aimed.map(({ path }) => path));
      return Object.freeze(aimed.map(parse));
    },
  };
}

/**
 * Refuses changes of which two are at one path.
 *
 * @param here what the paths are to the caller; by default as they are
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function refuseTwice(paths: readonly string[], here: readonly string[] = paths): void {
  if (new Set(paths).size === paths.length) return;
  const first = new Map<string, number>();
  for (const [index, path] of paths.entries()) {
    const other = first.get(path);
    if (other === undefined) first.set(path, index);
    else throw twice(index, other, here[index]);
  }
}

function twice(index: number, other: number, path: string | undefined): HoldfastError {
  const message = `changes[${index}] must be at a path of its own; changes[${other}] is at the same`;
  return withOwnWords(new HoldfastError('INVALID_ARGUMENT', message, { path }));
}

function aim(value: unknown, index: number): Aimed {
  const name = `changes[${index}]`;
  if (value === undefined) throw invalidArgument(name, 'an object', value);
  const { entry, expectation, ...targets } = readOptions(name, value, KEYS, PLACES);
  const given = CHANGES.filter((each) => targets[each] !== undefined);
  const [change, ...more] = given;
  if (change === undefined || more.length > 0) {
    const has = change === undefined ? 'none' : given.join(' and ');
    throw new HoldfastError('INVALID_ARGUMENT', `${name} must have one of ${CHANGES.join(', ')}; it has ${has}`);
  }
  const path = inside(`${name}.${change}: `, undefined, () => parsePath(targets[change] as string));
  return { name, change, path, entry, expectation };
}

function parse({ name, change, path, entry, expectation }: Aimed): ParsedChange {
  return inside(`${name}.`, path, () => {
    if (change === 'put') {
      return Object.freeze({ change, path, entry: parseEntry(entry), expectation: parseExpectation(expectation) });
    }
    if (entry !== undefined) throw invalidArgument('entry', `left out of a ${change}`, entry);
    return change === 'delete'
      ? Object.freeze({ change, path, expectation: parseDeleteExpectation(expectation) })
      : Object.freeze({ change, path, expectation: parseCheckExpectation(expectation) });
  });
}

/** Checks a part of a change; what that throws says which part of the whole it is. */
function inside<T>(prefix: string, path: VirtualPath | undefined, check: () => T): T {
  try {
    return check();
  } catch (thrown) {
    if (!isHoldfastError(thrown)) throw thrown;
    throw new HoldfastError(thrown.code, prefix + thrown.message, { path });
  }
}
