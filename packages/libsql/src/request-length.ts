import type { LibsqlStatement, LibsqlValue } from './client.ts';

/** What comes around the text and the values of a statement, and around a value, in a request; both rounded up. */
const AROUND_STATEMENT = 256;
const AROUND_VALUE = 48;

/** How long the request for these statements is at most, in bytes: JSON, with bodies as base64, and each text once. */
export function requestLength(statements: readonly LibsqlStatement[]): number {
  let bytes = AROUND_STATEMENT;
  for (const sql of new Set(statements.map((statement) => statement.sql)))
    bytes += AROUND_STATEMENT + quotedLength(sql);
  for (const { args } of statements) {
    bytes += AROUND_STATEMENT;
    for (const value of args) bytes += AROUND_VALUE + valueLength(value);
  }
  return bytes;
}

function valueLength(value: LibsqlValue): number {
  if (typeof value === 'string') return quotedLength(value);
  return value === null || typeof value !== 'object' ? 0 : base64Length(value.byteLength);
}

/** Four characters for every three bytes. */
function base64Length(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}

function quotedLength(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
