import type { ParsedDeleteExpectation } from '../../expectations/cas-expectation.ts';
import type { VirtualPath } from '../../paths/virtual-path.ts';

/** One conditional delete as an adapter receives it. */
export interface DeleteRequest {
  readonly path: VirtualPath;
  readonly expectation: ParsedDeleteExpectation;
}
