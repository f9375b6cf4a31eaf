import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import { above } from '../values/paths.ts';
import { Delete } from './delete.ts';
import { Get } from './get.ts';
import { Iterate } from './iterate.ts';
import { List } from './list.ts';

/** How many of the paths are read one by one. */
const PATHS_ONE_BY_ONE = 40;

/** How many directories are looked into. A path may be hundreds of directories deep, and each holds all that is below. */
const DIRECTORIES_ONE_BY_ONE = 8;

/** The same when nothing is left. What is there by mistake is mostly seen from the root. */
const DIRECTORIES_WHEN_EMPTY = 3;

/**
 * The operations that together read all that any of the models holds, and look where anything ever was: an iteration from
 * the root has all of it, and where there are too many to read each path and list each directory, some of them are.
 */
export function everything(models: readonly Model[]): Operation[] {
  const paths = [...new Set(models.flatMap((model) => model.written))];
  const atOnce = { prefix: '/', after: undefined, pageSize: 1000, take: undefined, patience: 'unsaid' } as const;
  return [
    new Iterate(atOnce),
    ...someOf(paths, PATHS_ONE_BY_ONE).map((path) => new Get(path, 'unsaid')),
    ...someOf(directoriesOf(paths), DIRECTORIES_ONE_BY_ONE).flatMap((directory) => [
      new List(directory, undefined, undefined, 'unsaid'),
      new Iterate({ prefix: directory, after: undefined, pageSize: undefined, take: undefined, patience: 'unsaid' }),
    ]),
  ];
}

/** The operations that delete all that is left, if it is little, in one way and another; and that look whether it is gone. */
export function emptying(models: readonly Model[]): { readonly deletes: Operation[]; readonly looks: Operation[] } {
  const paths = [...new Set(models.flatMap((model) => model.pathsBelow('/')))];
  if (paths.length > PATHS_ONE_BY_ONE) return { deletes: [], looks: [] };
  const conditionally = models.every((model) => model.capabilities.conditionalDelete);
  const expected = (index: number) => (conditionally && index % 2 === 1 ? ({ of: 'current' } as const) : 'any');
  return {
    deletes: paths.map((path, index) => new Delete(path, expected(index), 'unsaid')),
    looks: someOf(directoriesOf(paths), DIRECTORIES_WHEN_EMPTY).map(
      (directory) => new List(directory, undefined, undefined, 'unsaid'),
    ),
  };
}

function directoriesOf(paths: readonly string[]): readonly string[] {
  return ['/', ...new Set(paths.flatMap(allAbove))];
}

/** The first one and others at equal distances. */
function someOf<T>(all: readonly T[], most: number): readonly T[] {
  const step = Math.ceil(all.length / most);
  return all.filter((_, index) => index % step === 0);
}

function allAbove(path: string): string[] {
  const directory = above(path);
  return directory === '/' ? [] : [directory, ...allAbove(directory)];
}
