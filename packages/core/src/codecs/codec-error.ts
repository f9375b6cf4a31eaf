import { isHoldfastError, type HoldfastError } from '../errors/holdfast-error.ts';

/**
 * Whether what a codec threw says of a record that it cannot be read or written, and still lacks the operation and path,
 * which no codec knows. Whatever else it throws is the caller's own.
 */
export function isErrorOfCodec(thrown: unknown): thrown is HoldfastError {
  if (!isHoldfastError(thrown, 'RECORD_INVALID') && !isHoldfastError(thrown, 'RECORD_TOO_NEW')) return false;
  return thrown.operation === undefined;
}
