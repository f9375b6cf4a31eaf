import { DEFAULT_CONTENT_TYPE } from '../entries/parse-entry.ts';
import type { Entry } from '../entries/entry.ts';
import { HoldfastError, type OperationName } from '../errors/holdfast-error.ts';
import { ownError } from '../errors/own-error.ts';
import type { ParsedDeleteExpectation, ParsedExpectation } from '../expectations/cas-expectation.ts';
import { utf8Length } from '../paths/code-points.ts';
import { MAX_PATH_BYTES, type VirtualPath } from '../paths/virtual-path.ts';
import type { Capabilities } from './capabilities.ts';

/**
 * Refuses a path that is longer than the backend takes there.
 *
 * @throws HoldfastError `INVALID_PATH`
 */
export function gatePath(claimed: Capabilities | undefined, path: VirtualPath, operation: OperationName): void {
  const { maxPathBytes = MAX_PATH_BYTES } = claimed ?? {};
  // No path is longer than that, so nothing has to be measured.
  if (maxPathBytes >= MAX_PATH_BYTES || utf8Length(path) <= maxPathBytes) return;
  throw new HoldfastError('INVALID_PATH', `a path must be at most ${maxPathBytes} UTF-8 bytes here`, {
    operation,
    path,
  });
}

/**
 * Refuses a `put` that the backend cannot honour, before anything is touched. It fails closed: a capability
 * counts only when it has exactly the value that claims it, and no capabilities at all claim nothing.
 *
 * @throws HoldfastError `UNSUPPORTED`, `BODY_TOO_LARGE`
 */
export function gatePut(
  claimed: Capabilities | undefined,
  path: string,
  entry: Entry,
  expectation: ParsedExpectation,
): void {
  if (entry.kind !== undefined) {
    if (claimed?.records !== true) throw refusal('put', path, 'records');
    // A record that lands where it cannot be updated safely is lost, also if only one of the two claims says so.
    if (claimed.cas !== 'versioned') throw refusal('put', path, 'cas');
  }
  if (entry.indexed !== undefined && claimed?.indexed !== true) throw refusal('put', path, 'indexed');
  if (entry.contentType !== DEFAULT_CONTENT_TYPE && claimed?.contentTypes !== true) {
    throw refusal('put', path, 'contentTypes');
  }
  if (typeof expectation === 'object' && claimed?.cas !== 'versioned') throw refusal('put', path, 'cas');
  if (expectation === 'absent' && claimed?.cas !== 'versioned' && claimed?.cas !== 'create-only') {
    throw refusal('put', path, 'cas');
  }
  if (typeof claimed?.maxBodyBytes !== 'number') throw refusal('put', path, 'maxBodyBytes');
  if (!(entry.body.byteLength <= claimed.maxBodyBytes)) {
    throw ownError('BODY_TOO_LARGE', `the body is longer than ${claimed.maxBodyBytes} bytes`, {
      operation: 'put',
      path,
    });
  }
}

/**
 * Refuses a `delete` that the backend cannot honour, before anything is touched.
 *
 * @throws HoldfastError `UNSUPPORTED`
 */
export function gateDelete(
  claimed: Capabilities | undefined,
  path: string,
  expectation: ParsedDeleteExpectation,
): void {
  if (expectation !== 'any' && claimed?.conditionalDelete !== true) {
    throw refusal('delete', path, 'conditionalDelete');
  }
}

/**
 * Refuses `casUpdate` unless the path is versioned and takes records. Whatever else a filesystem answers,
 * also something that is no capabilities at all, is a refusal.
 *
 * @throws HoldfastError `CAS_UNSUPPORTED`
 */
export function gateCas(claimed: Capabilities | undefined, path: string): void {
  const missing = claimed?.cas !== 'versioned' ? 'cas' : claimed.records !== true ? 'records' : undefined;
  if (missing === undefined) return;
  throw ownError('CAS_UNSUPPORTED', 'this path cannot compare-and-swap records', {
    operation: 'casUpdate',
    path,
    capability: missing,
  });
}

function refusal(operation: OperationName, path: string, capability: keyof Capabilities): HoldfastError {
  return ownError('UNSUPPORTED', `this path does not have the capability "${capability}" that the call needs`, {
    operation,
    path,
    capability,
  });
}
