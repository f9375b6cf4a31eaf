/** One of PostgreSQL's own operators, such as `>=`. Written like this, every operator binds as tightly as the others. */
export function qualifiedOperator(symbol: string): string {
  return `operator(pg_catalog.${symbol})`;
}
