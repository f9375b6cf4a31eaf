import type { Need } from './needs.ts';
import type { ScenarioContext } from './running/scenario-context.ts';

/** The part of the contract a scenario belongs to; the first part of its id. */
export type Family =
  | 'expectation'
  | 'race'
  | 'version'
  | 'get-many'
  | 'hostile'
  | 'gate'
  | 'bytes'
  | 'path'
  | 'list'
  | 'entries'
  | 'abort'
  | 'close'
  | 'open'
  | 'deadline'
  | 'cas'
  | 'commit'
  | 'reply'
  | 'durability'
  | 'process'
  | 'model'
  | 'error';

/** `family.name-of-the-case`: stable across releases. */
export type ScenarioId = `${Family}.${string}`;

/** What is run: it fails by throwing. */
export type ScenarioBody = (context: ScenarioContext) => Promise<void>;

/** One case of the contract suite. */
export interface Scenario {
  readonly id: ScenarioId;
  /** A sentence about behaviour. */
  readonly title: string;
  /** The capabilities it is about; all must be claimed for `run`, else `unclaimed` runs. */
  readonly needs: readonly Need[];
  readonly run: ScenarioBody;
  /**
   * The opposite, run where a need is not claimed: what can be refused must be, typed and without effect; of durability
   * and sharing, which cannot, it checks what is left.
   */
  readonly unclaimed: ScenarioBody | undefined;
}

/** A scenario that holds on every backend. */
export function always(id: ScenarioId, title: string, run: ScenarioBody): Scenario {
  return { id, title, needs: [], run, unclaimed: undefined };
}

/** A scenario about claimed capabilities, and its opposite for where one of them is not claimed. */
export function claimed(
  id: ScenarioId,
  title: string,
  needs: readonly [Need, ...Need[]],
  bodies: { readonly run: ScenarioBody; readonly unclaimed: ScenarioBody },
): Scenario {
  return { id, title, needs, ...bodies };
}
