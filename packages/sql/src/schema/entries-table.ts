/** One row for each entry. */
interface EntriesTable {
  /** The primary key; ordered by its UTF-8 bytes, which is code point order. */
  path: string;
  /** `null` for an opaque file. */
  kind: string | null;
  content_type: string;
  /** The indexed projection as JSON text with its keys in order, so that numbers survive exactly. */
  indexed: string | null;
  version: string;
  /** Last, so that reading the other columns never walks the pages of a large body. */
  body: Uint8Array;
}

/** What Kysely types the statements by. The table's real name is in {@link Tables}. */
export interface HoldfastDatabase {
  entries: EntriesTable;
}
