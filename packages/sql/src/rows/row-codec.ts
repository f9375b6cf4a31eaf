import { HoldfastError, parsePath, type Snapshot, type VirtualPath } from '@holdfast/core';
import { isVersion, type PutRequest } from '@holdfast/core/adapter';
import type { SqlRow } from '../driver.ts';
import type { RowParameters } from '../statements/write-statements.ts';
import { decodeText } from './text.ts';
import { ownedBytes } from './owned-bytes.ts';
import { decodeIndexed, encodeIndexed } from './indexed-text.ts';

// What core lets into an entry; nothing else may come out of one.
const KIND = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const CONTENT_TYPE = /^[ -~]{1,255}$/;

/** The row of a put, as it is bound. */
export function encodeRow({ path, entry, version }: PutRequest): RowParameters {
  return {
    path,
    kind: entry.kind ?? null,
    content_type: entry.contentType,
    indexed: encodeIndexed(entry.indexed),
    version,
    body: entry.body,
  };
}

/**
 * The entry of a row. The body belongs to whoever gets it.
 *
 * @throws HoldfastError `CORRUPT`, with the path, when the row is not one that {@link encodeRow} could have made
 */
export function decodeRow(path: VirtualPath, row: SqlRow): Snapshot {
  const version = decodeText(row['version']);
  if (!isVersion(version)) throw corrupt('version', path);
  const kind = decodeText(row['kind']);
  if (kind !== null && (typeof kind !== 'string' || !KIND.test(kind))) throw corrupt('kind', path);
  const contentType = decodeText(row['content_type']);
  if (typeof contentType !== 'string' || !CONTENT_TYPE.test(contentType)) throw corrupt('content_type', path);
  const indexed = decodeIndexed(decodeText(row['indexed']));
  if (indexed === 'undecodable') throw corrupt('indexed', path);
  const body = ownedBytes(row['body']);
  if (body === undefined) throw corrupt('body', path);
  return { path, body, contentType, kind: kind ?? undefined, indexed, version };
}

/**
 * The entry of a row that brings its own path.
 *
 * @throws HoldfastError `CORRUPT`
 */
export function decodeScannedRow(row: SqlRow): Snapshot {
  let path: VirtualPath;
  try {
    path = parsePath(decodeText(row['path']) as string);
  } catch {
    throw corrupt('path');
  }
  return decodeRow(path, row);
}

function corrupt(column: string, path?: VirtualPath): HoldfastError {
  return new HoldfastError('CORRUPT', `the column "${column}" of a row holds what no adapter writes`, { path });
}
