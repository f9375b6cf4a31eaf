import type { VirtualPath } from '../paths/virtual-path.ts';
import type { Version } from '../versions/version.ts';

/** A value that can be indexed. Numbers are finite; strings hold no NUL and no lone surrogate. */
export type IndexedScalar = string | number | boolean | null;

/** The part of a record that a backend may index: a flat object of scalars, its keys like identifiers. */
export type IndexedProjection = Readonly<Record<string, IndexedScalar>>;

/** What `put` takes. The body is copied before `put` first awaits; changing it afterwards changes nothing. */
export interface EntryInput {
  readonly body: Uint8Array;
  /** Defaults to `application/octet-stream`. Printable ASCII, at most 255 characters. */
  readonly contentType?: string | undefined;
  /** Makes the entry a record. `[A-Za-z_][A-Za-z0-9_]*`, at most 128 characters. */
  readonly kind?: string | undefined;
  /** Scalars to index; needs the capability `indexed`. */
  readonly indexed?: IndexedProjection | undefined;
}

/** Bytes plus metadata, as stored. With a `kind` it is a record, without one an opaque file. */
export interface Entry {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly kind: string | undefined;
  readonly indexed: IndexedProjection | undefined;
}

/**
 * An entry as it was at one moment, with its path and version. The body belongs to the caller: changing it
 * changes nothing stored. `version` is `undefined` where the backend is not versioned.
 */
export interface Snapshot<V extends Version | undefined = Version | undefined> extends Entry {
  readonly path: VirtualPath;
  readonly version: V;
}
