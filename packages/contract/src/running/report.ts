import type { Capabilities } from '@holdfast/core';

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
  /** Why it failed; absent when it did not. */
  readonly reason?: string;
  readonly durationMs: number;
}

/** What `runContract` answers. Survives JSON unchanged. */
export interface ContractReport {
  readonly harness: string;
  /** What the backend claims. */
  readonly capabilities: Capabilities;
  /** Whether nothing failed. */
  readonly ok: boolean;
  readonly counts: { readonly [Status in ScenarioStatus]: number };
  readonly scenarios: readonly ScenarioReport[];
}
