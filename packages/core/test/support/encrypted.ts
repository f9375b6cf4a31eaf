import type { Capabilities } from '../../src/capabilities/capabilities.ts';
import { defineCapabilities } from '../../src/capabilities/define-capabilities.ts';
import type { Snapshot } from '../../src/entries/entry.ts';
import type { RootFilesystem } from '../../src/filesystem/root-filesystem.ts';
import { withEncryption } from '../../src/layers/with-encryption.ts';
import { EVERYTHING, MapFilesystem } from './map-filesystem.ts';

/** A key that has nothing in it twice, so that any part of it can be searched for. */
export function testKey(seed: number): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => (seed * 37 + index * 7 + 1) % 256);
}

/** Capabilities with room for bodies of the tests. */
export const ROOMY: Capabilities = defineCapabilities({ ...EVERYTHING, maxBodyBytes: 1_000_000 });

/** An encrypted filesystem, and what lies below it. */
export interface Encrypted<F extends RootFilesystem> {
  readonly stored: F;
  readonly filesystem: RootFilesystem;
}

/** Encrypts a store under one key, `k1`. */
export function encrypted(): Encrypted<MapFilesystem>;
export function encrypted<F extends RootFilesystem>(stored: F): Encrypted<F>;
export function encrypted(stored: RootFilesystem = new MapFilesystem(ROOMY)): Encrypted<RootFilesystem> {
  return { stored, filesystem: withEncryption(stored, { keys: { k1: testKey(1) }, currentKey: 'k1' }) };
}

/** Changes what is stored at a path behind everybody's back. */
export function tamper(stored: MapFilesystem, path: string, changes: Partial<Record<keyof Snapshot, unknown>>): void {
  stored.stored.set(path, { ...(stored.stored.get(path) as Snapshot), ...changes } as Snapshot);
}

/** Everything that `entries` gives. */
export async function collect<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}
