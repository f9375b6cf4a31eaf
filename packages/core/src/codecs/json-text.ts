import { isPlainObject } from '../entries/plain-object.ts';
import { isHoldfastError } from '../errors/holdfast-error.ts';
import { RecordInvalidError } from './record-invalid-error.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Parses a JSON body; refuses text that is not UTF-8 or JSON, or has a key `__proto__`. */
export function parseJson(body: Uint8Array): unknown {
  let text: string;
  let value: unknown;
  try {
    text = decoder.decode(body);
    value = JSON.parse(text);
  } catch {
    // Neither error becomes the cause: a syntax error quotes the body.
    throw new RecordInvalidError('the record is not JSON text in UTF-8');
  }
  // A cheap test first; an escape could spell the key, so any backslash makes the walk necessary.
  if ((text.includes('__proto__') || text.includes('\\u')) && hasProtoKey(value)) {
    throw new RecordInvalidError('the record has a key "__proto__"');
  }
  return value;
}

/**
 * The JSON body of a value. `strict` refuses what JSON would change in silence; otherwise objects may bring
 * their own `toJSON`, and only what JSON would make `null` of is refused.
 */
export function stringifyJson(value: unknown, options: { readonly strict: boolean }): Uint8Array {
  let text: string | undefined;
  try {
    if (options.strict) assertPlain(value);
    text = options.strict ? JSON.stringify(value) : JSON.stringify(value, refuseNulled);
  } catch (error) {
    if (isHoldfastError(error, 'RECORD_INVALID')) throw error;
    throw new RecordInvalidError('the value has no JSON form', { cause: error });
  }
  if (text === undefined) throw new RecordInvalidError('the value has no JSON form');
  const body = encoder.encode(text);
  if (text.includes('__proto__')) parseJson(body);
  return body;
}

/** A replacer that stops at what JSON would make `null` of in silence, which a schema that allows null takes. */
function refuseNulled(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  const nulled =
    (typeof value === 'number' && !Number.isFinite(value)) ||
    (value === null && original !== null) ||
    (Array.isArray(this) && ['undefined', 'function', 'symbol'].includes(typeof value));
  if (nulled) throw new RecordInvalidError('the value has a part that JSON would make null of in silence');
  return value;
}

/** Without recursion: a stored text may be nested deeper than the stack. */
function hasProtoKey(root: unknown): boolean {
  const pending = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) return true;
    for (const item of Object.values(value)) pending.push(item);
  }
  return false;
}

function assertPlain(value: unknown): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (isPlainArray(value)) {
    // Not `forEach`, which skips holes.
    for (const item of value) assertPlain(item);
    return;
  }
  if (!isPlainObject(value) || hasHiddenPart(value)) {
    throw new RecordInvalidError('the value has a part that JSON would change in silence');
  }
  for (const item of Object.values(value)) {
    // An absent optional property, which JSON leaves out and reading leaves absent.
    if (item !== undefined) assertPlain(item);
  }
}

/** Whether a value is an array of this realm or another, not of a subclass, and with elements only. */
function isPlainArray(value: unknown): value is readonly unknown[] {
  if (!Array.isArray(value) || hasHiddenPart(value)) return false;
  return (
    isPlainObject(Object.getPrototypeOf(Object.getPrototypeOf(value))) && Object.keys(value).length === value.length
  );
}

function hasHiddenPart(value: object): boolean {
  const { toJSON } = value as { readonly toJSON?: unknown };
  return typeof toJSON === 'function' || Object.getOwnPropertySymbols(value).length > 0;
}
