import type { VirtualPath } from '../paths/virtual-path.ts';
import type { Version } from '../versions/version.ts';

/** A record as it was at one moment, decoded: what `readRecord`, `createRecord` and `records` give. */
export interface StoredRecord<T> {
  readonly path: VirtualPath;
  /** A value of its own: changing it changes nothing stored. */
  readonly value: T;
  /** What a `put` or `delete` can expect, and what only another write changes. */
  readonly version: Version;
}
