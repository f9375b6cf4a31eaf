import { isPlainObject } from '../entries/plain-object.ts';
import { isHoldfastError } from '../errors/holdfast-error.ts';
import { fieldNames, type FieldPath } from './field-names.ts';
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
    const changed = options.strict ? changedPart(value) : undefined;
    if (changed !== undefined)
      throw refused('the value has a part that JSON would change in silence', changed.toReversed());
    text = options.strict ? JSON.stringify(value) : stringifyUnlessNulled(value);
  } catch (error) {
    if (isHoldfastError(error, 'RECORD_INVALID')) throw error;
    throw new RecordInvalidError('the value has no JSON form', { cause: error });
  }
  if (text === undefined) throw new RecordInvalidError('the value has no JSON form');
  const body = encoder.encode(text);
  if (text.includes('__proto__')) parseJson(body);
  return body;
}

/** Stops at what JSON would make `null` of in silence, which a schema that allows null takes, and at what has no form. */
function stringifyUnlessNulled(value: unknown): string | undefined {
  let found = false;
  const text: string | undefined = JSON.stringify(value, function (this: unknown, key: string, part: unknown) {
    found ||= isNulled(this, key, part);
    // The rest is not of interest any more, and may be large.
    return found ? undefined : part;
  });
  if (found) throw refused('the value has a part that JSON cannot keep', nulledPart(value));
  return text;
}

function isNulled(holder: unknown, key: string, part: unknown): boolean {
  return (
    (typeof part === 'number' && !Number.isFinite(part)) ||
    // Instead of an error that does not tell where it is.
    typeof part === 'bigint' ||
    (part === null && (holder as Record<string, unknown>)[key] !== null) ||
    (Array.isArray(holder) && ['undefined', 'function', 'symbol'].includes(typeof part))
  );
}

/** Where that part is. Looked for only now, so that values without one are not slowed down. */
function nulledPart(value: unknown): FieldPath {
  const paths = new Map<unknown, FieldPath>();
  let nulled: FieldPath | undefined;
  JSON.stringify(value, function (this: unknown, key: string, part: unknown) {
    if (nulled !== undefined) return undefined;
    const above = paths.get(this);
    const path = above === undefined ? [] : [...above, Array.isArray(this) ? Number(key) : key];
    if (isNulled(this, key, part)) {
      nulled = path;
      return undefined;
    }
    paths.set(part, path);
    return part;
  });
  return nulled ?? [];
}

function refused(message: string, path: FieldPath): RecordInvalidError {
  return new RecordInvalidError(path.length === 0 ? message : `${message}: ${fieldNames([path])}`);
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

/** The way to the first part that JSON would change, its last step first; `undefined` when there is none. */
function changedPart(value: unknown): PropertyKey[] | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return undefined;
  if (isPlainArray(value)) {
    // Not `forEach`, which skips holes.
    for (const [index, item] of value.entries()) {
      const changed = changedPart(item);
      if (changed !== undefined) return within(index, changed);
    }
    return undefined;
  }
  if (!isPlainObject(value) || hasHiddenPart(value)) return [];
  for (const [key, item] of Object.entries(value)) {
    // An absent optional property, which JSON leaves out and reading leaves absent.
    const changed = item === undefined ? undefined : changedPart(item);
    if (changed !== undefined) return within(key, changed);
  }
  return undefined;
}

function within(step: PropertyKey, path: PropertyKey[]): PropertyKey[] {
  path.push(step);
  return path;
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
