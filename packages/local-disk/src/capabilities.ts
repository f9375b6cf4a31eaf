import type { ByteOnlyCapabilities } from '@holdfast/core';
import { defineCapabilities } from '@holdfast/core/adapter';

/** What local disk promises, the same at every path: bodies only, created or replaced atomically. */
export interface LocalDiskCapabilities extends ByteOnlyCapabilities {
  readonly cas: 'create-only';
  readonly contentTypes: false;
  readonly paths: 'tree';
  readonly durability: 'power-loss';
  readonly sharing: 'host';
}

/** The capabilities of a filesystem that takes bodies of up to `maxBodyBytes`. */
export function localDiskCapabilities(maxBodyBytes: number): LocalDiskCapabilities {
  return defineCapabilities({
    cas: 'create-only',
    records: false,
    indexed: false,
    contentTypes: false,
    conditionalDelete: false,
    paths: 'tree',
    durability: 'power-loss',
    sharing: 'host',
    maxBodyBytes,
    planes: [],
  });
}
