import type { ParsedCheckExpectation } from '../../expectations/cas-expectation.ts';
import type { VirtualPath } from '../../paths/virtual-path.ts';
import type { Version } from '../../versions/version.ts';
import type { DeleteRequest } from '../delete/delete-request.ts';
import type { PutRequest } from '../put/put-request.ts';

/** One change of a commit as an adapter receives it. A `check` changes nothing: only its expectation has to hold. */
export type CommitChange =
  | ({ readonly change: 'put' } & PutRequest)
  | ({ readonly change: 'delete' } & DeleteRequest)
  | { readonly change: 'check'; readonly path: VirtualPath; readonly expectation: ParsedCheckExpectation };

/** A commit as an adapter receives it: checked, copied, and with its version minted. Sending it again is sending the same. */
export interface CommitRequest {
  /** At least one, and each at a path of its own. */
  readonly changes: readonly CommitChange[];
  /** The version of every `put` among them. */
  readonly version: Version;
}
