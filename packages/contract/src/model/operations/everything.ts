import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import { above } from '../values/paths.ts';
import { Get } from './get.ts';
import { Iterate } from './iterate.ts';
import { List } from './list.ts';

/** The operations that together read all that any of the models holds. */
export function everything(models: readonly Model[]): Operation[] {
  const paths = [...new Set(models.flatMap((model) => model.pathsBelow('/')))];
  const directories = new Set(['/', ...paths.flatMap(allAbove)]);
  return [
    ...paths.map((path) => new Get(path, 'unsaid')),
    ...[...directories].flatMap((directory) => [
      new List(directory, undefined, undefined, 'unsaid'),
      new Iterate({ prefix: directory, after: undefined, pageSize: undefined, take: undefined, patience: 'unsaid' }),
    ]),
  ];
}

function allAbove(path: string): string[] {
  const directory = above(path);
  return directory === '/' ? [] : [directory, ...allAbove(directory)];
}
