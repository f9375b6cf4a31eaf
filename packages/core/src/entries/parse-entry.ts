import { HoldfastError } from '../errors/holdfast-error.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { checkKeys } from '../filesystem/check-options.ts';
import { isUint8Array } from '../realms/is-uint8-array.ts';
import type { Entry, EntryInput } from './entry.ts';
import { parseIndexed } from './parse-indexed.ts';

/** The content type of an entry that was put without one. */
export const DEFAULT_CONTENT_TYPE = 'application/octet-stream';

const CONTENT_TYPE = /^[ -~]{1,255}$/;
const KIND = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
/** What {@link isKind} demands, in words. */
export const KIND_RULE = 'an identifier of at most 128 ASCII letters, digits and _';

/** The keys of an entry. */
export const ENTRY_KEYS = ['body', 'contentType', 'kind', 'indexed'] as const;

/**
 * Checks what `put` was given and copies it, so that later changes by the caller reach nothing.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseEntry(value: unknown): Entry {
  if (typeof value !== 'object' || value === null) {
    throw invalidArgument('entry', 'an object with a body', value);
  }
  checkKeys('entry', value, ENTRY_KEYS);
  const { body, contentType, kind, indexed } = value as Record<(typeof ENTRY_KEYS)[number], unknown>;
  return Object.freeze({
    body: copyBody(body),
    contentType: parseContentType(contentType),
    kind: parseKind(kind),
    indexed: parseIndexed(indexed),
  });
}

/** An entry of this package's own making, but for its indexed projection, which may be anything. */
export interface OwnEntryInput extends EntryInput {
  readonly contentType: string;
  readonly kind: string | undefined;
}

/**
 * The same of an entry of this package's own, with a body that nobody else has. That is copied only if it is of another realm, such as that of a test runner: drivers do not know it for what it is.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseOwnEntry({ body, contentType, kind, indexed }: OwnEntryInput): Entry {
  const own = Object.getPrototypeOf(body) === Uint8Array.prototype ? body : copyBody(body);
  return Object.freeze({ body: own, contentType, kind, indexed: parseIndexed(indexed) });
}

/** Whether a value can be the kind of a record. */
export function isKind(value: unknown): value is string {
  return typeof value === 'string' && KIND.test(value);
}

function copyBody(body: unknown): Uint8Array {
  if (!isUint8Array(body)) throw invalidArgument('entry.body', 'a Uint8Array', body);
  try {
    return new Uint8Array(body);
  } catch {
    // Detached, or its buffer shrank. It reads as empty; storing that would lose the caller's data in silence.
    throw new HoldfastError('INVALID_ARGUMENT', 'entry.body must not be detached or out of bounds');
  }
}

function parseContentType(contentType: unknown): string {
  if (contentType === undefined) return DEFAULT_CONTENT_TYPE;
  if (typeof contentType === 'string' && CONTENT_TYPE.test(contentType)) return contentType;
  throw invalidArgument('entry.contentType', '1 to 255 printable ASCII characters', contentType);
}

function parseKind(kind: unknown): string | undefined {
  if (kind === undefined || isKind(kind)) return kind;
  throw invalidArgument('entry.kind', KIND_RULE, kind);
}
