import type { Capabilities, RootFilesystem, Snapshot } from '@holdfast/core';
import { MemoryFilesystem, openMemory, type MemoryCapabilities } from '@holdfast/memory';
import { delegate } from './plant.ts';

/** What a store of bytes claims; one whose bodies are short, so that random ones are too long for it. */
export const BYTE_ONLY: Capabilities = {
  ...openMemory().capabilitiesAt('/'),
  cas: 'create-only',
  records: false,
  indexed: false,
  contentTypes: false,
  conditionalDelete: false,
  maxBodyBytes: 1000,
};

/** A store of bytes without a mistake. */
export function openByteOnly(): RootFilesystem {
  // The base class refuses what is not claimed; that memory itself could do it makes no difference.
  const memory: RootFilesystem = new MemoryFilesystem(BYTE_ONLY as MemoryCapabilities);
  return {
    ...delegate(memory),
    async get(path, options) {
      const found = await memory.get(path, options);
      return found && { ...found, version: undefined };
    },
    async *entries(prefix, options): AsyncGenerator<Snapshot, void, undefined> {
      for await (const found of memory.entries(prefix, options)) yield { ...found, version: undefined };
    },
  };
}
