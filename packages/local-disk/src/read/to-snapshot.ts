import { DEFAULT_CONTENT_TYPE, type Snapshot, type VirtualPath } from '@holdfast/core';

/** The snapshot of a file: bytes, and nothing that plain disk could keep beside them. */
export function toSnapshot(path: VirtualPath, body: Uint8Array): Snapshot {
  return { path, body, contentType: DEFAULT_CONTENT_TYPE, kind: undefined, indexed: undefined, version: undefined };
}
