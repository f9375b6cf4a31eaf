import { needsPlaceholder, type BatchPlace } from './batch-places.ts';
import type { BatchRow } from './batch-values.ts';

/**
 * What a batch can need. What it does not is left out of its statement, which is planned and begun in half of the time
 * then.
 */
export interface BatchParts {
  readonly inserts: boolean;
  readonly updates: boolean;
  readonly deletes: boolean;
  readonly checks: boolean;
  /** Whether it waits for rows that others have locked, and for what they have inserted, for as long as it takes. */
  readonly waits: boolean;
  /** Whether all its members are one group, or each is a group by itself. */
  readonly groups: 'one' | 'each' | 'several';
  /** Whether all its rows have the same kind, content type and indexed fields, which are sent once then. */
  readonly alike: boolean;
  /** Whether all its rows have the same version. */
  readonly oneVersion: boolean;
}

/** What is there is changed by a put that does not expect an absence; a put that expects a version inserts nothing. */
export function partsOf(
  places: readonly BatchPlace[],
  rows: readonly BatchRow[],
  { groups, waits }: { readonly groups: number; readonly waits: boolean },
): BatchParts {
  let [inserts, updates, deletes, checks] = [false, false, false, false];
  for (const place of places) {
    const { change, expects } = place.member;
    const mayBeAbsent = expects?.version === undefined;
    inserts ||= needsPlaceholder(place) || (change === 'put' && mayBeAbsent);
    updates ||= change === 'put' && !(mayBeAbsent && expects !== undefined);
    deletes ||= change === 'delete';
    checks ||= change === 'check';
  }
  const oneVersion = areSame(rows, 'version');
  const alike = areSame(rows, 'kind') && areSame(rows, 'content_type') && areSame(rows, 'indexed');
  const divided = groups === places.length ? 'each' : 'several';
  return { inserts, updates, deletes, checks, waits, groups: groups === 1 ? 'one' : divided, alike, oneVersion };
}

function areSame(rows: readonly BatchRow[], column: 'kind' | 'content_type' | 'indexed' | 'version'): boolean {
  const first = rows[0]?.[column];
  return rows.every((row) => row[column] === first);
}
