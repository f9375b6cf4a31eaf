import { HoldfastError } from '@holdfast/core';
import type { GroupResult, SqlRow, Tables, WriteGroup } from '@holdfast/sql';
import type { QueryConfig } from 'pg';
import { partsOf } from './batch-parts.ts';
import { needsPlaceholder, placesOf, type BatchPlace } from './batch-places.ts';
import { batchText } from './batch-text.ts';
import { rowsOf, valuesOf } from './batch-values.ts';
import { arrayText, withLiterals } from './literals.ts';
import { tableName } from './table-name.ts';
import type { TableSize } from './table-size.ts';

/** What `1 / 0` is refused with. Nothing else of the statement divides. */
export const OVERTAKEN = '22012';

/** A query, and for which tables its plan may be kept; `undefined` when it is to be planned each time. */
export interface BatchQuery {
  readonly config: QueryConfig;
  readonly plannedFor: string | undefined;
  /** The members that it writes, in its order. */
  readonly places: readonly BatchPlace[];
}

/** What has become of a group of a batch: with `alone`, nothing; it is to be sent by itself, where it can wait. */
export type BatchResult = GroupResult | { readonly alone: true };

/**
 * The statement that writes a batch of groups, each all or nothing: one round trip and one transaction, which leaves no lock
 * behind whatever becomes of the connection. It locks what is at the paths of all members, in the order of the paths, and
 * looks at it; it writes the groups of which all expectations hold, and changes nothing for the others.
 *
 * What is there is locked as rows: for share where it is only checked, so that nobody changes it before the end. What is not
 * there is locked in the unique index of the paths, by a row that is inserted: that of the put, or else a placeholder, which
 * a second statement of the same transaction deletes. Whoever inserts at that path waits for the end. Nobody ever
 * reads a placeholder.
 *
 * It waits for whoever has locked a row, or does not: all groups of a batch would wait for what one of them needs. Then it
 * waits for whoever has inserted at one of the paths for a moment only, and fails with `55P03`.
 *
 * A row that somebody else inserted since the statement began is no mismatch that it could see, but stops its own insert.
 * Then it fails with {@link OVERTAKEN}, nothing is written, and it is to be sent again.
 */
export class BatchStatement {
  readonly #table: string;
  readonly #removal: string;
  readonly #texts = new Map<string, string>();
  readonly #size: TableSize;

  constructor(tables: Tables, size: TableSize) {
    this.#size = size;
    this.#table = tableName(tables);
    this.#removal = removalText(this.#table);
  }

  /**
   * The query of a batch. The version is one that nobody else has; placeholders are known by it. Where it does not wait for
   * rows that others have locked, groups that meet one are answered `alone`.
   */
  query(
    batch: readonly WriteGroup[],
    { version, waits }: { readonly version: string; readonly waits: boolean },
  ): BatchQuery {
    const places = placesOf(batch);
    const rows = rowsOf(places, version);
    const parts = partsOf(places, rows, { groups: batch.length, waits });
    const { isAsked, column, name: plannedFor } = this.#size;
    const key = JSON.stringify([isAsked, parts]);
    const text = this.#texts.get(key) ?? batchText(this.#table, isAsked ? [column] : [], parts);
    this.#texts.set(key, text);
    const values = valuesOf(places, rows, parts);
    const placeholders = places.filter(needsPlaceholder).map(({ member }) => member.path);
    if (placeholders.length === 0) return { config: { text, values }, plannedFor, places };
    // Only the protocol without parameters takes two statements in one round trip, as one transaction.
    const removal = withLiterals(this.#removal, [arrayText(placeholders), version]);
    return { config: { text: `${withLiterals(text, values)};\n${removal}` }, plannedFor: undefined, places };
  }

  /** What became of each group of a batch, by the places of its query and the rows of its statement. */
  resultsOf(batch: readonly WriteGroup[], places: readonly BatchPlace[], rows: readonly SqlRow[]): BatchResult[] {
    const [row] = rows;
    // Members without a row have landed: an answer that is not that of the statement must not be taken for it.
    if (row === undefined) throw new HoldfastError('BACKEND_FAILED', 'a batch has no answer', { outcome: 'unknown' });
    this.#size.learn(row);
    const others = new Map(rows.map((it) => [it['ordinal'], it]));
    const results = batch.map((group) => ({ unmet: [] as number[], changed: group.map(() => 0), alone: false }));
    for (const [index, { member, place, group }] of places.entries()) {
      const other = others.get(index + 1);
      const result = results[group] as (typeof results)[number];
      if (other === undefined) result.changed[place] = member.change === 'check' ? 0 : 1;
      else if (other['free'] !== 1) result.alone = true;
      else if (other['met'] !== 1) result.unmet.push(place);
    }
    return results.map(({ unmet, changed, alone }) => {
      if (alone) return { alone };
      return unmet.length === 0 ? { changed } : { unmet: unmet.toSorted((a, b) => a - b) };
    });
  }
}

function removalText(table: string): string {
  const is = 'operator(pg_catalog.=)';
  return `delete from ${table} where path ${is} any ($1::pg_catalog.text[]) and version ${is} $2::pg_catalog.text`;
}
