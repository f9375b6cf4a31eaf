import type { ConditionalWrite } from '@holdfast/sql';
import { columnsOf, writesRows, type BatchColumnName } from './batch-columns.ts';
import type { BatchParts } from './batch-parts.ts';
import type { BatchPlace } from './batch-places.ts';
import { arrayText } from './literals.ts';

/** What is to be at a path. */
export type BatchRow = Pick<
  NonNullable<ConditionalWrite['row']>,
  'kind' | 'content_type' | 'indexed' | 'version' | 'body'
>;

/** The row that stands for an absence until the end of the transaction, without its version. */
const PLACEHOLDER = { kind: null, content_type: '', indexed: null, body: new Uint8Array() } as const;

/** The row of each member: that of the put, or else of the placeholder of a path where nothing is. */
export function rowsOf(places: readonly BatchPlace[], version: string): readonly BatchRow[] {
  const placeholder = { ...PLACEHOLDER, version };
  return places.map(({ member }) => (member.change === 'put' && member.row !== undefined ? member.row : placeholder));
}

/** The values of the columns of a batch, and all bodies as one value: in an array, each would be sent in twice its length. */
export function valuesOf(
  places: readonly BatchPlace[],
  rows: readonly BatchRow[],
  parts: BatchParts,
): (string | null | Buffer)[] {
  const texts = (name: 'kind' | 'content_type' | 'indexed' | 'version', isShared: boolean): string | null =>
    isShared ? (rows[0] as BatchRow)[name] : arrayText(rows.map((row) => row[name]));
  const valueOf: Readonly<Record<BatchColumnName, (isShared: boolean) => string | null>> = {
    path: () => arrayText(places.map(({ member }) => member.path)),
    expected: () =>
      arrayText(places.map(({ member: { expects } }) => (expects === undefined ? null : (expects.version ?? '')))),
    kind: (isShared) => texts('kind', isShared),
    content_type: (isShared) => texts('content_type', isShared),
    indexed: (isShared) => texts('indexed', isShared),
    version: (isShared) => texts('version', isShared),
    start: () => numbersText(startsOf(rows)),
    length: () => numbersText(rows.map(({ body }) => body.byteLength)),
    change: () => arrayText(places.map(({ member }) => member.change)),
    inserts: () => numbersText(places.map((it) => (it.member.change === 'put' || it.keepsAbsent ? 1 : 0))),
    in_group: () => numbersText(places.map(({ group }) => group)),
  };
  const values: (string | null | Buffer)[] = columnsOf(parts).map(({ name, isShared }) => valueOf[name](isShared));
  // A statement has no parameter that it does not use.
  if (writesRows(parts)) values.push(Buffer.concat(rows.map(({ body }) => body)));
  return values;
}

/** Where each body begins in all of them, counted from 1. */
function startsOf(rows: readonly BatchRow[]): readonly number[] {
  let end = 1;
  return rows.map(({ body }) => {
    const start = end;
    end += body.byteLength;
    return start;
  });
}

function numbersText(numbers: readonly number[]): string {
  return `{${numbers.join()}}`;
}
