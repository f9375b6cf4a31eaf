import { MAX_INDEXED_KEYS, MAX_INDEXED_STRING_BYTES, MAX_PATH_BYTES } from '@holdfast/core';

/** The most that the row of an entry takes besides the body, in bytes: with everything that core lets in at its longest. */
export const ROW_OVERHEAD_BYTES: number =
  MAX_PATH_BYTES +
  // Kind, content type and version.
  128 +
  255 +
  128 +
  // The indexed projection as JSON: braces, and for each key six marks, itself, and a string of control characters,
  // of which each is written as six.
  2 +
  MAX_INDEXED_KEYS * (6 + 128 + 6 * MAX_INDEXED_STRING_BYTES) +
  // What SQLite writes before six columns: how long that is, and the type and length of each.
  9 * 7;
