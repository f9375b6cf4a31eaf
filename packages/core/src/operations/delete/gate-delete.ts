import type { Capabilities } from '../../capabilities/capabilities.ts';
import { refusal } from '../../capabilities/gate.ts';
import type { ParsedDeleteExpectation } from '../../expectations/cas-expectation.ts';

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
