import { HoldfastError, type HoldfastErrorDetails } from '../errors/holdfast-error.ts';
import type { SchemaIssue } from './standard-schema.ts';

/** A `RECORD_INVALID`: what a codec could not read, or would not write. */
export class RecordInvalidError extends HoldfastError {
  /** What the schema found; empty when the record failed before it got to the schema. */
  declare readonly issues: readonly SchemaIssue[];

  constructor(message: string, details: HoldfastErrorDetails & { readonly issues?: readonly SchemaIssue[] } = {}) {
    super('RECORD_INVALID', message, details);
    // Not enumerable: a schema's messages may quote the value.
    Object.defineProperty(this, 'issues', { value: details.issues ?? [] });
  }
}
