import type { Capabilities } from '@holdfast/core';
import type { Need } from '../needs.ts';
import type { Effort } from './effort.ts';
import type { Versions } from './versions.ts';

/**
 * How a scenario ended. `refused`: a capability is not claimed and the opposite scenario passed, in which what can be
 * refused was. `known-gap`: it failed as the harness said it would.
 */
export type ScenarioStatus = 'passed' | 'refused' | 'known-gap' | 'failed';

/** One scenario of a report. */
export interface ScenarioReport {
  readonly id: string;
  readonly title: string;
  readonly status: ScenarioStatus;
  /** What is not claimed, so that the opposite was run; absent when the scenario was run as it is. */
  readonly notClaimed?: readonly Need[];
  /** Why it failed, with the deepest cause in its own words, which may name hosts; absent when it did not fail. */
  readonly reason?: string;
  /** The stack of that cause, to find the line of the adapter; absent where it has none. */
  readonly cause?: string;
  readonly durationMs: number;
}

/** What `runContract` answers. Survives JSON unchanged. */
export interface ContractReport {
  readonly harness: string;
  readonly versions: Versions;
  readonly effort: Effort;
  /** How long a call of this backend takes, where the run was told. */
  readonly roundTripMs?: number;
  /** What the backend claims. */
  readonly capabilities: Capabilities;
  /** Whether nothing failed. */
  readonly ok: boolean;
  readonly counts: { readonly [Status in ScenarioStatus]: number };
  readonly scenarios: readonly ScenarioReport[];
}
