// What the compiler must accept and refuse; nothing here ever runs.
import {
  CasApply,
  casUpdate,
  jsonCodec,
  type RootFilesystem,
  type Version,
  type VersionedCapabilities,
} from '@holdfast/core';
import type { MemoryFilesystem } from './memory-filesystem.ts';
import { openMemory } from './open-memory.ts';

const memory: MemoryFilesystem = openMemory();

export const dynamic: RootFilesystem = memory;
export const versioned: RootFilesystem<VersionedCapabilities> = memory;
export const sharing: 'instance' = memory.capabilitiesAt('/').sharing;

/** Its versions are never missing. */
export async function versions(): Promise<readonly Version[]> {
  const { version } = await memory.put('/a', { body: new Uint8Array() }, 'absent');
  const read = await memory.get('/a');
  return read === undefined ? [version] : [version, read.version];
}

/** It takes records, and so casUpdate takes it. */
export async function updates(): Promise<'done'> {
  const codec = jsonCodec<number>({ kind: 'n' });
  const { outcome } = await casUpdate(memory, '/a', codec, () => CasApply.write(1, 'done' as const));
  return outcome;
}

/** Also here nobody writes without an expectation. */
export async function refused(): Promise<void> {
  // @ts-expect-error -- an expectation is required
  await memory.put('/a', { body: new Uint8Array() });
  // @ts-expect-error -- one that is not known
  await memory.put('/a', { body: new Uint8Array() }, 'present');
}
