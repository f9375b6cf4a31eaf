import type { Capabilities, EntryInput, RootFilesystem } from '@holdfast/core';
import { openMemory } from '@holdfast/memory';
import type { ComparedBackend } from '../../../src/model/compared-backend.ts';

/** Some methods of a filesystem, wrong in one way. The rest stay as they are. */
export type Bug = (good: RootFilesystem) => Partial<RootFilesystem>;

/** A backend with a bug in front of a good one, which is memory when nothing else is said. */
export function plant(id: string, bug: Bug, openGood: () => RootFilesystem = openMemory): ComparedBackend {
  const open = async (): Promise<RootFilesystem> => {
    const good = openGood();
    return { ...delegate(good), ...bug(good) };
  };
  return { id, harness: { name: id, createStore: async () => ({ open, destroy: async () => {} }) } };
}

/**
 * A backend whose store claims to survive a close. It really does, until `forget` says otherwise: that is asked at
 * each opening after the first, and may change what is kept.
 */
export function plantDurable(id: string, forget: (store: RootFilesystem) => Promise<void>): ComparedBackend {
  const createStore = async () => {
    const store: RootFilesystem = openMemory();
    let openings = 0;
    const open = async (): Promise<RootFilesystem> => {
      openings += 1;
      if (openings > 1) await forget(store);
      return closeable(store);
    };
    return { open, destroy: () => store.close() };
  };
  return { id, harness: { name: id, createStore } };
}

/** The same capabilities at every path, but for some. */
export function claiming(good: RootFilesystem, claims: Partial<Capabilities>): Partial<RootFilesystem> {
  return { capabilitiesAt: (path) => ({ ...claimsOf(good, path), ...claims }) };
}

/** What a filesystem claims that has no more than its methods: no planes. */
export function claimsOf(good: RootFilesystem, path: string): Capabilities {
  return { ...good.capabilitiesAt(path), maxCommitChanges: 0, maxCommitBytes: 0, planes: [] };
}

/** An entry as it is before its caller changes it; what is no entry stays as it is, to be refused. */
export function kept(entry: EntryInput): EntryInput {
  return entry?.body instanceof Uint8Array ? { ...entry, body: new Uint8Array(entry.body) } : entry;
}

/** Every method of a filesystem as a plain object. */
export function delegate(good: RootFilesystem): RootFilesystem {
  return {
    capabilitiesAt: (path) => claimsOf(good, path),
    get: (path, options) => good.get(path, options),
    put: (path, entry, expectation, options) => good.put(path, entry, expectation, options),
    delete: (path, expectation, options) => good.delete(path, expectation, options),
    list: (directory, options) => good.list(directory, options),
    entries: (prefix, options) => good.entries(prefix, options),
    close: () => good.close(),
    [Symbol.asyncDispose]: () => good.close(),
  };
}

/** Closes by itself, so that what it is a view of stays open. */
function closeable(store: RootFilesystem): RootFilesystem {
  const closed: RootFilesystem = openMemory();
  const view = delegate(store);
  const close = async (): Promise<void> => {
    await closed.close();
    Object.assign(view, delegate(closed), durable);
  };
  const durable = { ...claiming(store, { durability: 'process-crash' }), close, [Symbol.asyncDispose]: close };
  return Object.assign(view, durable);
}
