import type { Capabilities } from '../../capabilities/capabilities.ts';
import { refusal } from '../../capabilities/gate.ts';
import type { ParsedDeleteExpectation } from '../../expectations/cas-expectation.ts';
import type { Named } from '../named.ts';

/**
 * Refuses a `delete`, or one of a commit, that the backend cannot honour, before anything is touched.
 *
 * @throws HoldfastError `UNSUPPORTED`
 */
export function gateDelete(
  claimed: Capabilities | undefined,
  operation: Named,
  expectation: ParsedDeleteExpectation,
): void {
  if (expectation !== 'any' && claimed?.conditionalDelete !== true) {
    throw refusal(operation, 'conditionalDelete');
  }
}
