import {
  CasApply,
  casUpdate,
  commit,
  getMany,
  jsonCodec,
  transact,
  type OperationOptions,
  type RootFilesystem,
} from '@holdfast/core';

const counters = jsonCodec<number>({ kind: 'counter' });
const entry = { body: new Uint8Array([1]) };

/** By how much a call may outlast its deadline, in milliseconds: what a write gets to learn its outcome. */
const GRACE_MS = 250;
/** Two writes one after the other: that of the filesystem, and of what is in front of it. */
const UPDATE_GRACE_MS = 500;

/** One kind of call, and by how much it may outlast its deadline. */
export interface CallKind {
  readonly graceMs: number;
  readonly call: (filesystem: RootFilesystem, path: string, options: OperationOptions) => Promise<unknown>;
}

function within(graceMs: number, calls: readonly CallKind['call'][]): readonly CallKind[] {
  return calls.map((call) => ({ graceMs, call }));
}

/** The calls of a filesystem, each of which may be lost by itself. */
export const SINGLE_CALLS: readonly CallKind[] = within(GRACE_MS, [
  (filesystem, path, options) => filesystem.get(path, options),
  (filesystem, path, options) => getMany(filesystem, [path, `${path}-2`], options),
  (filesystem, _path, options) => filesystem.list('/', options),
  (filesystem, _path, options) => filesystem.entries('/', options).next(),
  (filesystem, path, options) => filesystem.put(path, entry, 'any', options),
  (filesystem, path, options) => filesystem.put(`${path}-2`, entry, 'absent', options),
  (filesystem, path, options) => filesystem.delete(path, 'any', options),
  (filesystem, path, options) =>
    commit(
      filesystem,
      [1, 2, 3].map((index) => ({ put: `${path}-${index}`, entry, expectation: 'any' }) as const),
      options,
    ),
]);

/** Updates of a record by itself and of several, which decide by what they do: at once, or not so soon. */
export function updatesBy(deciding: () => Promise<void> | undefined): readonly CallKind[] {
  return within(UPDATE_GRACE_MS, [
    async (filesystem, path, options) => {
      const countUp = async (count = 0) => {
        await deciding();
        return CasApply.write(count + 1);
      };
      await casUpdate(filesystem, `${path}-c`, counters, countUp, options);
    },
    async (filesystem, path, options) => {
      await transact(
        filesystem,
        async (tx) => {
          await deciding();
          await tx.put(`${path}-c`, counters, 1);
        },
        options,
      );
    },
  ]);
}

/** Every kind of call. */
export const CALLS: readonly CallKind[] = [...SINGLE_CALLS, ...updatesBy(() => undefined)];
