import type { Entry, IndexedProjection } from './entry.ts';

/** Whether two entries are equal byte for byte: body, content type, kind and indexed projection. */
export function sameEntry(a: Entry, b: Entry): boolean {
  return (
    a.kind === b.kind &&
    a.contentType === b.contentType &&
    sameBytes(a.body, b.body) &&
    sameIndexed(a.indexed, b.indexed)
  );
}

/** Whether two byte arrays hold the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) {
    if (a[index] !== b[index]) return false;
  }
  return true;
}

function sameIndexed(a: IndexedProjection | undefined, b: IndexedProjection | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
}
