import {
  CasApply,
  casUpdate,
  commit,
  createRecord,
  getMany,
  jsonCodec,
  listAll,
  readRecord,
  records,
  transact,
  type CasExpectation,
  type DeleteExpectation,
  type OperationOptions,
  type RootFilesystem,
  type Snapshot,
  type Version,
} from '@holdfast/core';
import type { Call, Operation, Stage } from './stage.ts';

const codec = jsonCodec<string>({ kind: 'text' });

/** What an entry of a trial is: a record where those are taken. */
export function entryOf(text: string, isVersioned: boolean) {
  const body = new TextEncoder().encode(JSON.stringify(text));
  return isVersioned ? { body, kind: 'text', contentType: 'application/json' } : { body };
}

/** The text of such an entry. */
export function textOf(snapshot: Pick<Snapshot, 'body'> | undefined): string | undefined {
  return snapshot && (JSON.parse(new TextDecoder().decode(snapshot.body)) as string);
}

function put(to: RootFilesystem, path: string, text: string, expectation: CasExpectation): Call {
  const isVersioned = to.capabilitiesAt('/').cas === 'versioned';
  return {
    run: (options) => to.put(path, entryOf(text, isVersioned), expectation, options),
    changes: { [path]: text },
  };
}

function remove(from: RootFilesystem, path: string, expectation: DeleteExpectation): Call {
  return {
    run: (options) => from.delete(path, expectation, options),
    changes: { [path]: undefined },
    isRight: (answer) => (answer as { readonly deleted: boolean }).deleted,
  };
}

async function all<T>(iterator: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const it of iterator) found.push(it);
  return found;
}

/** An operation that is one call of the first instance. */
function one(name: string, needs: Operation['needs'], call: (stage: Stage, fs: RootFilesystem) => Call): Operation {
  return { name, ...(needs && { needs }), calls: (stage) => [call(stage, stage.instances[0])] };
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

const READS: readonly Operation[] = [
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

const WRITES: readonly Operation[] = [
  one("put 'absent'", undefined, ({ at }, fs) => put(fs, at('new'), 'made', 'absent')),
  one("put 'any'", undefined, ({ at }, fs) => put(fs, at('a'), 'replaced', 'any')),
  one("put 'any' in a new directory", undefined, ({ at }, fs) => put(fs, at('x/y/z'), 'made', 'any')),
  one('put { version }', 'versions', ({ at, a }, fs) => put(fs, at('a'), 'replaced', { version: a as Version })),
  one("delete 'any'", undefined, ({ at }, fs) => remove(fs, at('a'), 'any')),
  one('delete { version }', 'versions', ({ at, a }, fs) => remove(fs, at('a'), { version: a as Version })),
  one('createRecord', 'versions', ({ at }, fs) => ({
    run: (options) => createRecord(fs, at('new'), codec, 'made', options),
    changes: { [at('new')]: 'made' },
  })),
  one('casUpdate that writes', 'versions', ({ at }, fs) => ({
    run: (options) => casUpdate(fs, at('a'), codec, (it) => CasApply.write(`${it}+`), options),
    changes: { [at('a')]: 'a+' },
  })),
  one('casUpdate that creates', 'versions', ({ at }, fs) => ({
    run: (options) => casUpdate(fs, at('new'), codec, (it) => CasApply.write(`${it ?? ''}+`), options),
    changes: { [at('new')]: '+' },
  })),
  one('casUpdate that deletes', 'versions', ({ at }, fs) => ({
    run: (options) => casUpdate(fs, at('a'), codec, () => CasApply.delete(), options),
    changes: { [at('a')]: undefined },
  })),
  one('casUpdate that decides for nothing', 'versions', ({ at }, fs) => ({
    run: (options) => casUpdate(fs, at('a'), codec, (it) => CasApply.noOp(it), options),
    isRight: (it) => (it as { readonly outcome: unknown }).outcome === 'a',
  })),
  {
    name: 'casUpdates that are combined',
    needs: 'versions',
    calls: ({ instances: [fs], at }) =>
      ['u', 'v', 'w'].map((name) => ({
        run: (options) =>
          casUpdate(fs, at('set'), codec, (it) => CasApply.write((it ?? '') + name), {
            combine: true,
            ...options,
          }),
        changes: { [at('set')]: (text) => text?.includes(name) === true },
      })),
  },
  one('commit', 'commits', ({ at, a, b }, fs) => ({
    run: (options) =>
      commit(
        fs,
        [
          { put: at('a'), entry: entryOf('replaced', true), expectation: { version: a as Version } },
          { delete: at('b'), expectation: { version: b as Version } },
          { put: at('new'), entry: entryOf('made', true), expectation: 'absent' },
          { check: at('none'), expectation: 'absent' },
        ],
        options,
      ),
    changes: { [at('a')]: 'replaced', [at('b')]: undefined, [at('new')]: 'made' },
  })),
  one('commit of what is there or not', 'commits', ({ at }, fs) => ({
    run: (options) =>
      commit(
        fs,
        [
          { put: at('a'), entry: entryOf('replaced', true), expectation: 'any' },
          { put: at('new'), entry: entryOf('made', true), expectation: 'any' },
          { delete: at('b'), expectation: 'any' },
        ],
        options,
      ),
    changes: { [at('a')]: 'replaced', [at('b')]: undefined, [at('new')]: 'made' },
  })),
  one('commit of checks', 'commits', ({ at, a, b }, fs) => ({
    run: (options) =>
      commit(
        fs,
        [
          { check: at('a'), expectation: { version: a as Version } },
          { check: at('b'), expectation: { version: b as Version } },
        ],
        options,
      ),
  })),
  one('transact', 'commits', ({ at }, fs) => ({
    run: (options) =>
      transact(
        fs,
        async (it) => {
          const [a, b] = [await it.get(at('a'), codec), await it.get(at('b'), codec)];
          await it.put(at('a'), codec, `${b}+`);
          await it.put(at('b'), codec, `${a}+`);
        },
        options,
      ),
    changes: { [at('a')]: 'b+', [at('b')]: 'a+' },
  })),
];

/** Calls of several callers that a batch takes together, from every instance. */
function together({ instances, at, a }: Stage): readonly Call[] {
  const commits = instances[0].capabilitiesAt('/').planes.includes('atomic-commit');
  return instances.flatMap((fs, index): Call[] => {
    const name = (of: string): string => at(`${of}${index}`);
    const calls = [
      put(fs, name('one'), 'one', 'absent'),
      put(fs, name('two'), 'two', 'any'),
      put(fs, name('three'), 'three', 'absent'),
      ...(a !== undefined && index === 0 ? [put(fs, at('a'), 'replaced', { version: a })] : []),
      ...(index === 0 ? [remove(fs, at('b'), 'any')] : []),
    ];
    if (!commits) return calls;
    const whole: Call = {
      run: (options) =>
        commit(
          fs,
          [
            { put: name('four'), entry: entryOf('four', true), expectation: 'absent' },
            { put: name('five'), entry: entryOf('five', true), expectation: 'any' },
          ],
          options,
        ),
      changes: { [name('four')]: 'four', [name('five')]: 'five' },
    };
    return [...calls, whole];
  });
}

const GROUPS: readonly Operation[] = [
  { name: 'a batch of several callers', calls: together },
  {
    name: 'a batch of several callers while the owner has a transaction open',
    needs: 'owner',
    calls: (stage) => {
      stage.owner?.begin();
      return together(stage);
    },
    meanwhile: async ({ owner }) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      owner?.end();
    },
  },
];

const LIVES: readonly Operation[] = [
  {
    name: 'open, and a get, and close',
    needs: 'opening',
    calls: ({ open, at }) => [
      {
        run: async () => {
          const fs = await open();
          let answer: unknown;
          try {
            answer = await fs.get(at('a'));
          } finally {
            await fs.close();
          }
          return answer;
        },
        isRight: (it) => textOf(it as Snapshot) === 'a',
      },
    ],
  },
  {
    name: 'close while a batch is under way',
    needs: 'opening',
    calls: (stage) => [
      ...together({ ...stage, instances: [stage.opened] }),
      {
        run: async () => {
          await new Promise((resolve) => setImmediate(resolve));
          await stage.opened.close();
        },
      },
    ],
  },
];

/** Every operation, each by itself, in batches, and with the life of an instance. */
export const OPERATIONS: readonly Operation[] = [...READS, ...WRITES, ...GROUPS, ...LIVES];
