import { hasFailed, type OperationEnd } from './operation-end.ts';
import type { TracedOperation } from './operation-message.ts';
import type { TelemetryAttributes } from './tracer-like.ts';

/** What is known of an operation when it begins, as spans and metrics have it. */
export function operationAttributes(system: string, operation: TracedOperation): TelemetryAttributes {
  return { 'db.system.name': system, 'db.operation.name': operation };
}

/** Adds how an operation ended: a small set of values, fit for metrics. */
export function addEnd(attributes: TelemetryAttributes, end: OperationEnd): TelemetryAttributes {
  if (end.code !== undefined && hasFailed(end)) attributes['error.type'] = end.code;
  if (end.outcome !== undefined) attributes['holdfast.outcome'] = end.outcome;
  return attributes;
}

/** How an operation ended, with the numbers that only a span has. */
export function spanEndAttributes(end: OperationEnd): TelemetryAttributes {
  const attributes = addEnd({}, end);
  if (end.returned !== undefined) attributes['db.response.returned_rows'] = end.returned;
  if (end.changes !== undefined) attributes['holdfast.commit.changes'] = end.changes;
  if (end.attempts !== undefined) {
    attributes['holdfast.cas.attempts'] = end.attempts;
    attributes['holdfast.cas.conflicts'] = end.conflicts ?? 0;
    if (end.code === undefined) attributes['holdfast.cas.written'] = end.outcome === 'applied';
  }
  return attributes;
}
