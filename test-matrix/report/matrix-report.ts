import type { Effort, Family, Need, ScenarioReport, ScenarioStatus } from '@holdfast/contract';
import type { Capabilities } from '@holdfast/core';

/** The servers that a backend may need. */
export type ServerName = 'postgres' | 'libsql';

/** What one run of the matrix found: the content of `matrix.json`. Survives JSON unchanged. Times are milliseconds. */
export interface MatrixReport {
  /** The version of this shape; another number when a reader of this one would misread it. */
  readonly format: 1;
  /** Whether nothing failed. What was left out does not make it false; see `leftOut`. */
  readonly ok: boolean;
  /** The whole result in one sentence. */
  readonly verdict: string;
  /** When the run began: ISO 8601, UTC. */
  readonly date: string;
  readonly durationMs: number;
  readonly effort: Effort;
  /** The git commit, with `-dirty` behind it when files were changed since; `null` outside of a git repository. */
  readonly commit: string | null;
  readonly machine: Machine;
  /** The servers that the backends needed. */
  readonly servers: readonly ServerReport[];
  /** Every backend that was to run, in the order in which they did. */
  readonly backends: readonly BackendReport[];
  /**
   * Errors that nobody caught while no backend ran: while servers started, between the backends, or behind the last of
   * them.
   */
  readonly strayErrors: readonly Failure[];
  /** Every backend that was not to run, because somebody asked for that. */
  readonly leftOut: readonly LeftOut[];
}

/** What the matrix ran on. */
export interface Machine {
  /** The version of Node, without a `v`. */
  readonly node: string;
  /** `process.platform` and `process.arch`. */
  readonly platform: string;
  readonly arch: string;
  /** How many processors this process may use, and what they are called. */
  readonly cpus: number;
  readonly cpuModel: string;
}

/** A server that was used, or that could not be. */
export interface ServerReport {
  readonly server: ServerName;
  /** Where it came from; `null` when it did not start. */
  readonly source: 'environment' | 'docker' | 'binary' | null;
  /** The server, its version and where it came from, for readers; `null` when it did not start. */
  readonly description: string | null;
  /** Why it did not start or stop; `null` when it did. */
  readonly failure: Failure | null;
}

/** Why something failed. */
export interface Failure {
  /** What was being done. */
  readonly stage: 'server' | 'store' | 'contract' | 'hot key' | 'stray' | 'stop';
  /** The code of the error: one of Holdfast's, or of the driver; `null` when it had none. */
  readonly code: string | null;
  /** The class of the error and its message, without credentials. */
  readonly reason: string;
}

/** A backend that was left out on purpose. */
export interface LeftOut {
  readonly id: string;
  readonly name: string;
  /** What asked for it. */
  readonly by: '--only' | '--without' | 'HOLDFAST_MATRIX_WITHOUT';
}

/** What became of one backend. */
export type BackendReport = RanBackend | UnstartedBackend;

interface BackendIdentity {
  readonly id: string;
  readonly name: string;
  readonly server: ServerName | null;
  /** Errors that no call could catch while it ran, or was to start. Anywhere else they would have ended the process. */
  readonly strayErrors: readonly Failure[];
}

/** A backend that could not start, which fails the run. */
export interface UnstartedBackend extends BackendIdentity {
  readonly status: 'could-not-start';
  readonly failure: Failure;
}

/** A backend that ran all scenarios. It has failed when a scenario or the hot key did, or when an error went astray. */
export interface RanBackend extends BackendIdentity {
  readonly status: 'passed' | 'failed';
  readonly capabilities: Capabilities;
  readonly counts: Counts;
  /** Scenarios and hot key together. */
  readonly durationMs: number;
  readonly families: readonly FamilyReport[];
  readonly scenarios: readonly MatrixScenario[];
  /** `null` where no versioned records are claimed, so that there is nothing to measure. */
  readonly hotKey: HotKeyReport | null;
}

/** How many scenarios ended how. */
export type Counts = { readonly [Status in ScenarioStatus]: number };

/** The scenarios of one family on one backend. */
export interface FamilyReport {
  readonly family: Family;
  readonly counts: Counts;
  readonly durationMs: number;
}

/** One scenario on one backend. */
export interface MatrixScenario extends ScenarioReport {
  readonly family: Family;
  /** For `'refused'`: what the scenario needs and the backend does not claim. Empty otherwise. */
  readonly notClaimed: readonly Need[];
}

/** What it took to update one record by many writers at once. */
export interface HotKeyReport {
  /** The number of bursts: in each, every writer makes one update. */
  readonly updatesPerWriter: number;
  /** One for each number of writers, in rising order. Fewer when `failure` ended it. */
  readonly points: readonly HotKeyPoint[];
  /** What ended the measurement before its time; `null` when nothing did. */
  readonly failure: Failure | null;
}

/** A number of writers that update the same record through `casUpdate`, all at the same moment, burst after burst. */
export interface HotKeyPoint {
  readonly writers: number;
  /** How many updates were asked for, and how many of them failed. */
  readonly updates: number;
  readonly failed: number;
  /** Why the first of those failed. */
  readonly failure: Failure | null;
  /** What the counter said in the end, and whether that is one for every update that succeeded. */
  readonly counter: number | null;
  readonly exact: boolean;
  readonly durationMs: number;
  /** Of the updates that succeeded; `null` when none did. */
  readonly latency: Latencies | null;
  /** How often they read and wrote the record: 1 each without a conflict. `null` when none succeeded. */
  readonly attempts: { readonly mean: number; readonly max: number } | null;
}

/** How long something took each time, in milliseconds. */
export interface Latencies {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  /** How many took at most `atMostMs`, and more than the bucket before; empty buckets are left out. */
  readonly histogram: readonly { readonly atMostMs: number; readonly count: number }[];
}
