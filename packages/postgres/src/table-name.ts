import type { Tables } from '@holdfast/sql';

/** The table of entries, as statements written as text name it. */
export function tableName({ schema, entries }: Tables): string {
  // Both are identifiers of letters, digits and underscores.
  return schema === undefined ? `"${entries}"` : `"${schema}"."${entries}"`;
}
