import './runtime/require-node.ts';
// Before anything that is disposed of.
import './realms/disposal-symbols.ts';
export { defineCapabilities } from './capabilities/define-capabilities.ts';
export { SaturationWatch } from './diagnostics/saturation.ts';
export { sameBytes, sameEntry } from './entries/same-entry.ts';
export { invalidArgument } from './errors/invalid-argument.ts';
export { kindOf } from './errors/kind-of.ts';
export { withReason } from './errors/reason.ts';
export { restated } from './errors/restated.ts';
export type { Places } from './errors/unknown-key.ts';
export type {
  ParsedCheckExpectation,
  ParsedDeleteExpectation,
  ParsedExpectation,
} from './expectations/cas-expectation.ts';
export { BaseFilesystem } from './filesystem/base-filesystem.ts';
export { checkInteger, checkKeys, checkOptions, readOptions } from './filesystem/check-options.ts';
export { CLOSE_GRACE_MS } from './filesystem/in-flight.ts';
export type { ListRequest } from './operations/list/list-request.ts';
export { RESOLVE_LOST_REPLY_MS } from './filesystem/lost-reply.ts';
export { IN_FLIGHT_GRACE_MS } from './filesystem/mutation.ts';
export type { OperationContext } from './filesystem/operation-context.ts';
export type { StorePlace } from './filesystem/region.ts';
export type { CommitChange, CommitRequest } from './operations/commit/commit-request.ts';
export type { DeleteRequest } from './operations/delete/delete-request.ts';
export type { PutRequest } from './operations/put/put-request.ts';
export type { ScanContext, ScanSeries } from './filesystem/scan-context.ts';
export { compareCodePoints, utf8Length } from './paths/code-points.ts';
export { childPrefix, rangeAfter, rangeBelow, type PathRange } from './paths/path-range.ts';
export { Layer, type Next } from './layers/layer.ts';
export type { Operation } from './operations/operation.ts';
export { passOn } from './operations/pass-on.ts';
export { isSegment } from './paths/virtual-path.ts';
export { isArrayBuffer } from './realms/is-array-buffer.ts';
export { isError } from './realms/is-error.ts';
export { isUint8Array } from './realms/is-uint8-array.ts';
export type { Alarm } from './timing/alarms.ts';
export { clock, type Clock, type Timer, type TimerOptions } from './timing/clock.ts';
export { pause } from './timing/pause.ts';
export { isVersion, mintVersion } from './versions/version.ts';
