import type { IndexedProjection, Snapshot, Version, VirtualPath } from '@holdfast/core';
import type { PutRequest } from '@holdfast/core/adapter';

/** An entry as the table has it. */
interface Row {
  readonly path: VirtualPath;
  readonly version: Version;
  readonly body: Uint8Array;
  readonly content_type: string;
  readonly kind: string | null;
  /** JSON. */
  readonly indexed: string | null;
}

/** What the columns of an entry that is to be written become, in the order of the statements. */
export function valuesOf({ path, entry, version }: PutRequest): (string | Uint8Array | null)[] {
  const { body, contentType, kind = null, indexed } = entry;
  return [version, body, contentType, kind, indexed === undefined ? null : JSON.stringify(indexed), path];
}

/** The entry of a row. Its body is nobody else's: the driver makes one for each row that it gives. */
export function snapshotOf(row: unknown): Snapshot {
  const { path, version, body, content_type, kind, indexed } = row as Row;
  return {
    path,
    version,
    body,
    contentType: content_type,
    kind: kind ?? undefined,
    indexed: indexed === null ? undefined : (JSON.parse(indexed) as IndexedProjection),
  };
}
