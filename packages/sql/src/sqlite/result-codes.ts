import { EXTENDED_STEP, RESULT_CODES, type ResultCodeVerdict } from './result-code-table.ts';

const BY_NUMBER = new Map(Object.values(RESULT_CODES).map((row) => [row.number, row]));

/** What a release of SQLite that is not known here may report. */
const UNHEARD_OF: ResultCodeVerdict = { code: 'BACKEND_FAILED', outcome: 'unknown' };

/** A driver's name for a result code that it knows the number of and no more. */
const UNNAMED = /^UNKNOWN_SQLITE_ERROR_(\d+)$/;

/**
 * What SQLite reports, for every adapter that has SQLite behind it: the error code, and what is known of the
 * transaction whose commit reported it. A code of a later release is taken for its primary code, but nothing is
 * promised of the outcome then; only a lock that could not be had is one whatever else may be told about it.
 *
 * @param resultCode the number or the name of a (preferably extended) result code, such as `SQLITE_BUSY_SNAPSHOT`
 * @param message SQLite's own message, which is all that tells a schema that does not fit from other errors
 */
export function sqliteVerdict(resultCode: string | number, message: string): ResultCodeVerdict {
  const unnamed = typeof resultCode === 'string' ? UNNAMED.exec(resultCode)?.[1] : undefined;
  const code = unnamed === undefined ? resultCode : Number(unnamed);
  const verdict = typeof code === 'number' ? verdictOnNumber(code) : verdictOnName(code);
  if (isPlainError(code) && isSchemaMessage(message)) return { code: 'SCHEMA_UNSUPPORTED', outcome: 'not-applied' };
  return verdict;
}

/** Whether a message of SQLite says that a table or one of its columns does not exist. */
export function isMissingTableMessage(message: string): boolean {
  return /\bno such (table|column)\b|\bhas no column named\b/.test(message);
}

function verdictOnNumber(number: number): ResultCodeVerdict {
  return BY_NUMBER.get(number) ?? later(BY_NUMBER.get(number % EXTENDED_STEP));
}

function verdictOnName(name: string): ResultCodeVerdict {
  if (Object.hasOwn(RESULT_CODES, name)) return RESULT_CODES[name] as ResultCodeVerdict;
  const [primary] = /^SQLITE_[A-Z]+(?=_)/.exec(name) ?? [];
  return later(primary !== undefined && Object.hasOwn(RESULT_CODES, primary) ? RESULT_CODES[primary] : undefined);
}

function later(primary: ResultCodeVerdict | undefined): ResultCodeVerdict {
  if (primary === undefined) return UNHEARD_OF;
  return { code: primary.code, outcome: primary.code === 'BUSY' ? 'not-applied' : 'unknown' };
}

function isPlainError(code: string | number): boolean {
  return code === 'SQLITE_ERROR' || code === RESULT_CODES['SQLITE_ERROR']?.number;
}

function isSchemaMessage(message: string): boolean {
  return isMissingTableMessage(message) || /^(table|index) .* already exists$/.test(message);
}
