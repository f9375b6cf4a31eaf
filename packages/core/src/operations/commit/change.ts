import type { EntryInput } from '../../entries/entry.ts';
import type { CasExpectation, CheckExpectation, DeleteExpectation } from '../../expectations/cas-expectation.ts';

/**
 * One change of a commit, at a path that no other change of it has. `put` writes an entry and `delete` deletes one, each
 * when its expectation holds; `check` changes nothing and demands that its expectation holds when the others land.
 */
export type Change = PutChange | DeleteChange | CheckChange;

interface PutChange {
  readonly put: string;
  readonly entry: EntryInput;
  readonly expectation: CasExpectation;
  readonly delete?: undefined;
  readonly check?: undefined;
}

interface DeleteChange {
  readonly delete: string;
  readonly expectation: DeleteExpectation;
  readonly put?: undefined;
  readonly check?: undefined;
  readonly entry?: undefined;
}

interface CheckChange {
  readonly check: string;
  readonly expectation: CheckExpectation;
  readonly put?: undefined;
  readonly delete?: undefined;
  readonly entry?: undefined;
}
