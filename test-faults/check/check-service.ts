import { CasApply, casUpdate, jsonCodec, type RootFilesystem } from '@holdfast/core';

const counters = jsonCodec<{ readonly count: number }>({ kind: 'counter' });

/** Lists what is there; writes, replaces and deletes an entry of its own; and adds to a record that is there or not. */
export async function checkService(
  store: RootFilesystem,
  { prefix, lane }: { readonly prefix: string; readonly lane: number },
): Promise<void> {
  await store.list('/');
  const path = `${prefix}/${lane}`;
  const body = new Uint8Array(10);
  const { version } = await store.put(path, { body }, 'absent');
  await store.put(path, { body }, version === undefined ? 'any' : { version });
  const { deleted } = await store.delete(path, 'any');
  if (!deleted) throw new Error(`${path} was put, and is not there`);
  if (!store.capabilitiesAt(path).records) return;
  await casUpdate(store, `${prefix}/counter`, counters, (now) => CasApply.write({ count: (now?.count ?? 0) + 1 }));
}
