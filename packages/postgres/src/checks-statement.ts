import { resultOfChecks, type GroupResult, type SqlRow, type Tables, type WriteGroup } from '@holdfast/sql';
import type { QueryConfig } from 'pg';
import { arrayText } from './literals.ts';
import { tableName } from './table-name.ts';

/**
 * The statement that looks at the expectations of a group that writes nothing: one round trip, without a lock. It sees what
 * had been committed when it began, and every group that it sees it sees as a whole.
 */
export class ChecksStatement {
  readonly #text: string;

  constructor(tables: Tables) {
    const is = 'operator(pg_catalog.=)';
    // One search of the index for each path, whatever the planner thinks of the table.
    this.#text = `
select m.ordinal::pg_catalog.int4 as ordinal
from rows from (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[]))
  with ordinality as m (path, expected, ordinal)
where not coalesce((select e.version from ${tableName(tables)} e where e.path ${is} m.path), '') ${is} m.expected`;
  }

  query(group: WriteGroup): QueryConfig {
    const paths = arrayText(group.map(({ path }) => path));
    const versions = arrayText(group.map(({ expects }) => expects?.version ?? ''));
    return { text: this.#text, values: [paths, versions] };
  }

  /** What became of a group, by the rows of its statement. */
  resultOf(group: WriteGroup, rows: readonly SqlRow[]): GroupResult {
    const unmet = rows.map(({ ordinal }) => Number(ordinal) - 1);
    return resultOfChecks(
      group,
      unmet.toSorted((a, b) => a - b),
    );
  }
}
