import {
  getMany,
  listAll,
  readRecord,
  records,
  type OperationOptions,
  type RootFilesystem,
  type Snapshot,
} from '@holdfast/core';
import { codec, textOf } from './entries.ts';
import { one } from './single-call.ts';
import type { Operation, Stage } from './stage.ts';

async function all<T>(iterator: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const it of iterator) found.push(it);
  return found;
}

function reading<T>(
  name: string,
  run: (stage: Stage, fs: RootFilesystem, options: OperationOptions) => Promise<T>,
  isRight: (answer: T) => boolean,
  needs?: Operation['needs'],
): Operation {
  return one(name, needs, (stage, fs) => ({
    run: (options) => run(stage, fs, options),
    isRight: (answer) => isRight(answer as T),
  }));
}

const texts = (found: readonly (Snapshot | undefined)[]): string => found.map(textOf).join(' ');

/** Every operation that reads. */
export const READS: readonly Operation[] = [
  reading(
    'get',
    ({ at }, fs, options) => fs.get(at('a'), options),
    (it) => textOf(it) === 'a',
  ),
  reading(
    'get of nothing',
    ({ at }, fs, options) => fs.get(at('none'), options),
    (it) => it === undefined,
  ),
  reading(
    'getMany',
    ({ at }, fs, options) => getMany(fs, [at('a'), at('none'), at('b'), at('a')], options),
    (it) => texts(it) === 'a  b a',
  ),
  reading(
    'list',
    ({ at }, fs, options) => fs.list(at('').slice(0, -1), options),
    ({ children }) => children.map(({ name }) => name).join(' ') === 'a b',
  ),
  reading(
    'listAll',
    ({ at }, fs, options) => all(listAll(fs, at('').slice(0, -1), { pageSize: 1, ...options })),
    (it) => it.map(({ name }) => name).join(' ') === 'a b',
  ),
  reading(
    'entries',
    ({ at }, fs, options) => all(fs.entries(at('').slice(0, -1), { pageSize: 1, ...options })),
    (it) => texts(it) === 'a b',
  ),
  reading(
    'records',
    ({ at }, fs, options) => all(records(fs, at('').slice(0, -1), codec, { pageSize: 1, ...options })),
    (it) => it.map(({ value }) => value).join(' ') === 'a b',
    'versions',
  ),
  reading(
    'readRecord',
    ({ at }, fs, options) => readRecord(fs, at('a'), codec, options),
    (it) => it?.value === 'a',
    'versions',
  ),
  reading(
    'capabilitiesAt',
    async ({ at }, fs) => fs.capabilitiesAt(at('a')),
    (it) => it.cas !== 'none',
  ),
  {
    name: 'several gets at once',
    calls: ({ instances, at }) =>
      ['a', 'b', 'a', 'b'].map((name, index) => ({
        run: (options) => (instances[index % instances.length] as RootFilesystem).get(at(name), options),
        isRight: (it) => textOf(it as Snapshot) === name,
      })),
  },
];
