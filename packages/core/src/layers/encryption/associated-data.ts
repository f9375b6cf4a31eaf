import type { Entry, IndexedProjection, IndexedScalar } from '../../entries/entry.ts';
import { compareCodePoints } from '../../paths/code-points.ts';
import type { VirtualPath } from '../../paths/virtual-path.ts';
import { FieldWriter } from './field-writer.ts';

/** What of an entry stays readable in the store. */
export type Metadata = Pick<Entry, 'contentType' | 'kind' | 'indexed'>;

const LABEL = 'holdfast.encryption';

const ABSENT = 0;
const PRESENT = 1;

const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const NUMBER = 3;
const STRING = 4;

/**
 * What a body is bound to, in the one form that equal entries have: the header of the sealed body (format, key id,
 * salt), the path, the kind or that there is none, the content type, and the indexed projection or that there is none,
 * its keys in code point order, its numbers by their exact value, `-0` as the `0` that is stored for it.
 */
export function associatedData(
  header: Uint8Array,
  path: VirtualPath,
  { contentType, kind, indexed }: Metadata,
): Uint8Array {
  const writer = new FieldWriter().text(LABEL).bytes(header).text(path).text(contentType);
  if (kind === undefined) writer.tag(ABSENT);
  else writer.tag(PRESENT).text(kind);
  if (indexed === undefined) writer.tag(ABSENT);
  else writeIndexed(writer.tag(PRESENT), indexed);
  return writer.written();
}

function writeIndexed(writer: FieldWriter, indexed: IndexedProjection): void {
  const pairs = Object.entries(indexed).toSorted(([one], [other]) => compareCodePoints(one, other));
  writer.tag(pairs.length);
  for (const [key, scalar] of pairs) writeScalar(writer.text(key), scalar);
}

function writeScalar(writer: FieldWriter, scalar: IndexedScalar): void {
  if (scalar === null) writer.tag(NULL);
  else if (typeof scalar === 'boolean') writer.tag(scalar ? TRUE : FALSE);
  else if (typeof scalar === 'number') writer.tag(NUMBER).number(scalar === 0 ? 0 : scalar);
  else writer.tag(STRING).text(scalar);
}
