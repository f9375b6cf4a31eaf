import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  CasApply,
  casUpdate,
  commit,
  getMany,
  isHoldfastError,
  jsonCodec,
  transact,
  type OperationOptions,
  type RootFilesystem,
} from '@holdfast/core';

const counters = jsonCodec<{ readonly count: number }>({ kind: 'counter' });

/** How many callers there are. */
const CALLERS = 32;

/** How many keys they have. */
const KEYS = 64;

type Call = (store: RootFilesystem, options: OperationOptions) => Promise<unknown>;

const anyKey = (): string => `/keys/${Math.floor(Math.random() * KEYS)}`;
const anyBody = (): Uint8Array => new Uint8Array(Math.floor(Math.random() ** 4 * 60_000));

const OF_BODIES: readonly Call[] = [
  (store, options) => store.put(anyKey(), { body: anyBody() }, 'any', options),
  (store, options) => store.put(anyKey(), { body: anyBody() }, 'absent', options),
  (store, options) => store.get(anyKey(), options),
  (store, options) => store.delete(anyKey(), 'any', options),
  (store, options) => store.list('/keys', { ...options, limit: 20 }),
  (store, options) => getMany(store, [anyKey(), anyKey(), anyKey()], options),
  async (store, options) => {
    // One that is left before its end.
    for await (const { path } of store.entries('/keys', { ...options, pageSize: 5 })) if (path.endsWith('7')) break;
  },
  // What goes wrong.
  (store, options) => store.get('/keys/../x', options),
  (store) => store.put(anyKey(), { body: anyBody() }, 'any', { signal: AbortSignal.abort() }),
  (store) => store.put(anyKey(), { body: anyBody() }, 'any', { timeoutMs: 1 }),
  async (store, { signal }) => {
    const controller = new AbortController();
    const both = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
    const put = store.put(anyKey(), { body: anyBody() }, 'any', { signal: both });
    await Promise.all([put, nextTurn().then(() => controller.abort())]);
  },
];

const OF_RECORDS: readonly Call[] = [
  (store, options) =>
    casUpdate(store, '/hot', counters, (now) => CasApply.write({ count: (now?.count ?? 0) + 1 }), options),
  (store, options) =>
    transact(
      store,
      async (tx) => {
        const now = await tx.get('/counters/a', counters);
        await tx.put('/counters/b', counters, { count: (now?.count ?? 0) + 1 });
      },
      options,
    ),
  (store, options) =>
    commit(
      store,
      [
        { put: '/commits/a', entry: { body: anyBody() }, expectation: 'any' },
        { put: '/commits/b', entry: { body: anyBody() }, expectation: 'any' },
      ],
      options,
    ),
];

/**
 * Makes so many calls of every sort, those that fail among them, with many callers at once. Ends when all are done.
 *
 * @throws what is no error of ours
 */
export async function mixedCalls(store: RootFilesystem, calls: number, signal: AbortSignal): Promise<void> {
  const sorts = store.capabilitiesAt('/').records ? [...OF_BODIES, ...OF_RECORDS] : OF_BODIES;
  let left = calls;
  const callAgain = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const call = sorts[left % sorts.length] as Call;
      try {
        await call(store, { signal, timeoutMs: 60_000 });
      } catch (error) {
        if (!isHoldfastError(error)) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, callAgain));
}
