import type { BatchParts } from './batch-parts.ts';

/** The columns of the entries table that a batch writes, but for the path and the body. */
export const ROW_COLUMNS = ['kind', 'content_type', 'indexed', 'version'] as const;

/** What a batch knows of each of its members. */
export type BatchColumnName =
  | 'path'
  | 'expected'
  | (typeof ROW_COLUMNS)[number]
  | 'start'
  | 'length'
  | 'change'
  | 'inserts'
  | 'in_group';

/** One parameter of a batch: a list of a value for each of its members, or the one that all have. */
export interface BatchColumn {
  readonly name: BatchColumnName;
  readonly type: 'text' | 'int4';
  readonly isShared: boolean;
}

const NUMBERS: ReadonlySet<BatchColumnName> = new Set(['start', 'length', 'inserts', 'in_group']);

/** The parameters of a batch, in order. That of all bodies comes last, if there are {@link writesRows rows to be written}. */
export function columnsOf(parts: BatchParts): readonly BatchColumn[] {
  const { inserts, deletes, checks, groups, alike, oneVersion } = parts;
  const names: BatchColumnName[] = ['path', 'expected'];
  if (writesRows(parts)) names.push(...ROW_COLUMNS, 'start', 'length');
  if (deletes || checks) names.push('change');
  if (inserts && (deletes || checks)) names.push('inserts');
  if (groups === 'several') names.push('in_group');
  const shared = new Set<BatchColumnName>(alike ? ['kind', 'content_type', 'indexed'] : []);
  if (oneVersion) shared.add('version');
  return names.map((name) => ({ name, type: NUMBERS.has(name) ? 'int4' : 'text', isShared: shared.has(name) }));
}

/** Whether a batch may put rows into the table. */
export function writesRows({ inserts, updates }: BatchParts): boolean {
  return inserts || updates;
}
