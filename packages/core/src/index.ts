export type {
  ByteOnlyCapabilities,
  Capabilities,
  CasSupport,
  DeleteExpectationFor,
  Durability,
  EntryFor,
  ExpectationFor,
  OpaqueEntryInput,
  PathModel,
  Plane,
  Sharing,
  VersionAt,
  VersionedCapabilities,
} from './capabilities/capabilities.ts';
export {
  CasApply,
  type CasDelete,
  type CasForceWrite,
  type CasNoOp,
  type CasWrite,
  type OutcomeOf,
} from './cas/cas-apply.ts';
export { CAS_DEFAULTS, type CasOptions } from './cas/cas-options.ts';
export type { CasContext, CasResult } from './cas/cas-result.ts';
export { casUpdate, type VersionedOnly } from './cas/cas-update.ts';
export { jsonCodec, type JsonCodecOptions } from './codecs/json-codec.ts';
export type { RecordCodec } from './codecs/record-codec.ts';
export { RecordInvalidError } from './codecs/record-invalid-error.ts';
export type { SchemaIssue, SchemaResult, StandardSchema } from './codecs/standard-schema.ts';
export type { Entry, EntryInput, IndexedProjection, IndexedScalar, Snapshot } from './entries/entry.ts';
export { DEFAULT_CONTENT_TYPE } from './entries/parse-entry.ts';
export { MAX_INDEXED_KEYS, MAX_INDEXED_STRING_BYTES } from './entries/parse-indexed.ts';
export { ERROR_CODES, type ErrorCode, type ErrorCodeInfo, type Outcome } from './errors/error-codes.ts';
export {
  HoldfastError,
  isHoldfastError,
  type HoldfastErrorDetails,
  type OperationName,
} from './errors/holdfast-error.ts';
export type { CasExpectation, DeleteExpectation } from './expectations/cas-expectation.ts';
export { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './filesystem/list-options.ts';
export { MAX_TIMEOUT_MS, type OperationOptions } from './filesystem/operation-options.ts';
export type {
  Child,
  DeleteResult,
  EntriesOptions,
  ListOptions,
  ListPage,
  PutResult,
  RootFilesystem,
} from './filesystem/root-filesystem.ts';
export { joinPath, nameOf, parentOf } from './paths/path-parts.ts';
export {
  MAX_PATH_BYTES,
  MAX_SEGMENT_BYTES,
  parseDirectory,
  parsePath,
  type DirectoryPath,
  type VirtualPath,
} from './paths/virtual-path.ts';
export type { Version } from './versions/version.ts';
