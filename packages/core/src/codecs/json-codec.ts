import type { IndexedProjection, Snapshot } from '../entries/entry.ts';
import { isKind, KIND_RULE, type OwnEntryInput } from '../entries/parse-entry.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { readOptions } from '../filesystem/check-options.ts';
import { fieldNames, issuePath } from './field-names.ts';
import { parseJson, stringifyJson } from './json-text.ts';
import { OwnCodec } from './own-codec.ts';
import type { RecordCodec } from './record-codec.ts';
import { RecordInvalidError } from './record-invalid-error.ts';
import type { SchemaIssue, SchemaResult, StandardSchema } from './standard-schema.ts';

/** The options of {@link jsonCodec}. */
export interface JsonCodecOptions<T> {
  /** The kind of the records. Reading a record of another kind is refused. */
  readonly kind: string;
  /** Validates every record that is read, and every record that is written as it will be read. */
  readonly schema?: StandardSchema<unknown, T> | undefined;
  /** The scalars to store beside the body for indexing. Needs the capability `indexed`. */
  readonly index?: ((value: T) => IndexedProjection) | undefined;
}

const CONTENT_TYPE = 'application/json';
const KEYS = ['kind', 'schema', 'index'] as const;

/**
 * A codec for records as JSON text.
 *
 * It never writes what it could not read back. With a schema, the text is parsed and validated again before
 * it is written, and what JSON would make `null` of in silence is refused (`NaN`, an invalid `Date`, `undefined`
 * in an array); without one, any value that JSON would change is (a `Date`, a class instance). A key `__proto__` is refused
 * both ways. Numbers, key order and strings survive unchanged, except that `-0` becomes `0`.
 *
 * The codec's functions reject with {@link RecordInvalidError} (`RECORD_INVALID`), or with what `index` threw.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` when an option is malformed
 */
export function jsonCodec<T>(options: JsonCodecOptions<T>): RecordCodec<T> {
  const { kind, schema, index } = checked(options);

  async function validated(parsed: unknown, by: StandardSchema<unknown, T>): Promise<T> {
    const result = await validate(by, parsed);
    if (result.issues === undefined) return result.value;
    throw doesNotFit(result.issues);
  }

  function parsedOf(stored: Snapshot): unknown {
    if (typeof stored !== 'object' || (stored as unknown) === null)
      throw invalidArgument('stored', 'a snapshot', stored);
    if (stored.kind !== kind) throw new RecordInvalidError(`the record is not of the kind "${kind}"`);
    if (stored.contentType !== CONTENT_TYPE) throw new RecordInvalidError('the record is not JSON');
    return parseJson(stored.body);
  }

  function entryOf(value: T, body: Uint8Array): OwnEntryInput {
    return { body, contentType: CONTENT_TYPE, kind, indexed: index?.(value) };
  }

  if (schema === undefined) {
    return new OwnCodec<T>({
      encode: (value) => atOnce(() => entryOf(value, stringifyJson(value, { strict: true }))),
      decode: (stored) => atOnce(() => parsedOf(stored) as T),
    });
  }
  return new OwnCodec<T>({
    async encode(value) {
      const body = stringifyJson(value, { strict: false });
      await validated(parseJson(body), schema);
      return entryOf(value, body);
    },
    async decode(stored) {
      return validated(parsedOf(stored), schema);
    },
  });
}

/** Without a promise where nothing waits; what goes wrong is rejected with, as where something does. */
function atOnce<V>(work: () => V): V | Promise<V> {
  try {
    return work();
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}

/** Names the fields, and nothing of what the schema says about them, which may quote the value. */
function doesNotFit(issues: readonly SchemaIssue[]): RecordInvalidError {
  const fields = fieldNames(Array.isArray(issues) ? issues.map(issuePath) : []);
  const where = fields === '' ? '' : `: ${fields}`;
  return new RecordInvalidError(`the record does not fit its schema${where}`, { issues });
}

/** A validator that throws has not validated: nothing it saw is read or written. */
async function validate<T>(schema: StandardSchema<unknown, T>, parsed: unknown): Promise<SchemaResult<T>> {
  try {
    const result: unknown = await schema['~standard'].validate(parsed);
    if (typeof result === 'object' && result !== null) return result as SchemaResult<T>;
  } catch (cause) {
    throw new RecordInvalidError('the schema failed to validate the record', { cause });
  }
  throw new RecordInvalidError('the schema answered without a result');
}

function checked<T>(options: JsonCodecOptions<T>): JsonCodecOptions<T> {
  if (typeof options !== 'object' || options === null) throw invalidArgument('options', 'an object', options);
  const { kind, schema, index } = readOptions('options', options, KEYS) as JsonCodecOptions<T>;
  if (!isKind(kind)) throw invalidArgument('kind', KIND_RULE, kind);
  if (schema !== undefined && !isSchema(schema)) {
    throw invalidArgument('schema', 'a Standard Schema of version 1', schema);
  }
  if (index !== undefined && typeof index !== 'function') throw invalidArgument('index', 'a function', index);
  return { kind, schema, index };
}

function isSchema(value: { readonly '~standard'?: { readonly version?: unknown } } | null): boolean {
  try {
    return value?.['~standard']?.version === 1;
  } catch {
    // A getter or a proxy that throws is no schema either.
    return false;
  }
}
