import './runtime/require-node.ts';
// Before anything that is disposed of.
import './realms/disposal-symbols.ts';
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
export type { Requirements } from './capabilities/requirements.ts';
export {
  CasApply,
  type CasDelete,
  type CasForceWrite,
  type CasNoOp,
  type CasWrite,
  type OutcomeOf,
} from './cas/cas-apply.ts';
export type { CasHint } from './cas/cas-hint.ts';
export { CAS_DEFAULTS, type CasOptions, type CasUpdateOptions } from './cas/cas-options.ts';
export type { CasContext, CasResult, CasResultOf, CasStored, CasUnchanged } from './cas/cas-result.ts';
export { casUpdate, type VersionedOnly } from './cas/cas-update.ts';
export { jsonCodec, type JsonCodecOptions } from './codecs/json-codec.ts';
export type { RecordCodec } from './codecs/record-codec.ts';
export { RecordInvalidError } from './codecs/record-invalid-error.ts';
export type { SchemaIssue, SchemaResult, StandardSchema } from './codecs/standard-schema.ts';
export { versionedCodec, type NewestOf, type VersionStep, type VersionSteps } from './codecs/versioned-codec.ts';
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
export type { CasExpectation, CheckExpectation, DeleteExpectation } from './expectations/cas-expectation.ts';
export type { Change } from './operations/commit/change.ts';
export type { CommitResult } from './operations/commit/commit-operation.ts';
export type { CommitsOnly } from './operations/commit/commits-only.ts';
export { commit } from './operations/commit/commit.ts';
export { GET_MANY_CONCURRENCY } from './operations/get-many/get-each.ts';
export { MAX_GET_MANY_PATHS } from './operations/get-many/parse-paths.ts';
export { DEFAULT_PAGE_SIZE, MAX_PAGE_BYTES, MAX_PAGE_SIZE } from './operations/page-limits.ts';
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
export { createRecord } from './helpers/create-record.ts';
export { getMany } from './helpers/get-many.ts';
export { listAll, type ListAllOptions } from './helpers/list-all.ts';
export { readRecord } from './helpers/read-record.ts';
export type { RecordsOnly } from './helpers/records-only.ts';
export { records, type RecordsOptions } from './helpers/records.ts';
export type { StoredRecord } from './helpers/stored-record.ts';
export { SATURATION_CHANNEL, SATURATION_SHARE, type SaturationMessage } from './diagnostics/saturation.ts';
export {
  CONCURRENCY_DEFAULTS,
  MAX_CONCURRENCY,
  withConcurrencyLimit,
  type ConcurrencyOptions,
  type LaneUsage,
  type LimitedFilesystem,
} from './layers/with-concurrency-limit.ts';
export type { LaneLimits } from './layers/concurrency/permits.ts';
export { reencrypt, type ReencryptResult } from './layers/encryption/reencrypt.ts';
export { ENCRYPTION_OVERHEAD_BYTES } from './layers/encryption/sealed-body.ts';
export { withEncryption, type EncryptionOptions } from './layers/with-encryption.ts';
export { withPrefix } from './layers/with-prefix.ts';
export { withReadOnly } from './layers/with-read-only.ts';
export { RETRY_DEFAULTS, withRetry, type RetryOptions } from './layers/with-retry.ts';
export {
  OPERATION_CHANNEL,
  type OperationMessage,
  type OperationOutcome,
  type TracedOperation,
} from './layers/tracing/operation-message.ts';
export type { CounterLike, HistogramLike, MeterLike, MetricOptionsLike } from './layers/tracing/meter-like.ts';
export type { SpanLike, SpanOptionsLike, TelemetryAttributes, TracerLike } from './layers/tracing/tracer-like.ts';
export type { TracingOptions } from './layers/tracing/tracing-options.ts';
export { withTracing } from './layers/with-tracing.ts';
export { withTimeout, type TimeoutOptions } from './layers/with-timeout.ts';
export { mountTable, type Mount } from './mounts/mount-table.ts';
export { joinPath, nameOf, parentOf } from './paths/path-parts.ts';
export { segment, textOfSegment } from './paths/segment.ts';
export {
  MAX_PATH_BYTES,
  MAX_SEGMENT_BYTES,
  parseDirectory,
  parsePath,
  type DirectoryPath,
  type VirtualPath,
} from './paths/virtual-path.ts';
export type { Permission } from './routing/route.ts';
export type { Version } from './versions/version.ts';
export { transact } from './transact/transact.ts';
export type { Transaction, TransactResult } from './transact/transaction.ts';
export { scopedView, type Grant } from './views/scoped-view.ts';
