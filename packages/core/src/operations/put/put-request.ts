import type { Entry } from '../../entries/entry.ts';
import type { ParsedExpectation } from '../../expectations/cas-expectation.ts';
import type { VirtualPath } from '../../paths/virtual-path.ts';
import type { Version } from '../../versions/version.ts';

/** One conditional write as an adapter receives it: checked, copied, and with its version minted. */
export interface PutRequest {
  readonly path: VirtualPath;
  readonly entry: Entry;
  readonly expectation: ParsedExpectation;
  /** What the entry's version becomes when this write lands. Sending it again is sending the same write. */
  readonly version: Version;
}
