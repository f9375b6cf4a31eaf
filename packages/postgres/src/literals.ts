/** A list as PostgreSQL reads an array from text. */
export function arrayText(list: readonly (string | null)[]): string {
  return `{${list.map((value) => (value === null ? 'null' : quoted(value))).join(',')}}`;
}

/** A statement with its values in place of its placeholders, for the protocol that takes none. */
export function withLiterals(text: string, values: readonly (string | null | Buffer)[]): string {
  return text.replaceAll(/\$(\d+)/g, (_, number: string) => literal(values[Number(number) - 1] ?? null));
}

function quoted(value: string): string {
  // Most have nothing to escape, and looking for that is cheaper than replacing nothing.
  return /["\\]/.test(value) ? `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"` : `"${value}"`;
}

/** It means the same whatever `standard_conforming_strings` is, in UTF-8, which every connection of pg is set to. */
function literal(value: string | null | Buffer): string {
  if (value === null) return 'null';
  if (typeof value !== 'string') return `pg_catalog.decode('${value.toString('hex')}', 'hex')`;
  return `E'${value.replaceAll('\\', String.raw`\\`).replaceAll("'", "''")}'`;
}
