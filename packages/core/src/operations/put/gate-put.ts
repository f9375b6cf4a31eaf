import type { Capabilities } from '../../capabilities/capabilities.ts';
import { refusal } from '../../capabilities/gate.ts';
import type { Entry } from '../../entries/entry.ts';
import { DEFAULT_CONTENT_TYPE } from '../../entries/parse-entry.ts';
import type { ParsedExpectation } from '../../expectations/cas-expectation.ts';
import { errorOf, type Named } from '../named.ts';

/**
 * Refuses a `put`, or one of a commit, that the backend cannot honour, before anything is touched. It fails closed: a capability
 * counts only when it has exactly the value that claims it, and no capabilities at all claim nothing.
 *
 * @throws HoldfastError `UNSUPPORTED`, `BODY_TOO_LARGE`
 */
export function gatePut(
  claimed: Capabilities | undefined,
  operation: Named,
  entry: Entry,
  expectation: ParsedExpectation,
): void {
  if (entry.kind !== undefined) {
    if (claimed?.records !== true) throw refusal(operation, 'records');
    // A record that lands where it cannot be updated safely is lost, also if only one of the two claims says so.
    if (claimed.cas !== 'versioned') throw refusal(operation, 'cas');
  }
  if (entry.indexed !== undefined && claimed?.indexed !== true) throw refusal(operation, 'indexed');
  if (entry.contentType !== DEFAULT_CONTENT_TYPE && claimed?.contentTypes !== true) {
    throw refusal(operation, 'contentTypes');
  }
  if (typeof expectation === 'object' && claimed?.cas !== 'versioned') throw refusal(operation, 'cas');
  if (expectation === 'absent' && claimed?.cas !== 'versioned' && claimed?.cas !== 'create-only') {
    throw refusal(operation, 'cas');
  }
  if (typeof claimed?.maxBodyBytes !== 'number') throw refusal(operation, 'maxBodyBytes');
  if (!(entry.body.byteLength <= claimed.maxBodyBytes)) {
    throw errorOf(operation, 'BODY_TOO_LARGE', `the body is longer than ${claimed.maxBodyBytes} bytes`);
  }
}
