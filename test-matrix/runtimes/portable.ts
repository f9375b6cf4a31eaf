import {
  mountTable,
  withConcurrencyLimit,
  withEncryption,
  withPrefix,
  withRetry,
  withTimeout,
  withTracing,
} from '@holdfast/core';
import type { RootFilesystem } from '@holdfast/core';
import { openMemory } from '@holdfast/memory';

const ring = { keys: { k: new Uint8Array(32) }, currentKey: 'k' };

/** What needs nothing of the system, by the column of the table. */
export const PORTABLE: Readonly<Record<string, () => RootFilesystem>> = {
  memory: () => openMemory(),
  'mounts and layers': () =>
    withTracing(
      withTimeout(
        withRetry(withConcurrencyLimit(mountTable([{ at: '/', filesystem: withPrefix(openMemory(), '/p') }]))),
        { timeoutMs: 10_000 },
      ),
    ),
  encryption: () => withEncryption(openMemory(), ring),
};
