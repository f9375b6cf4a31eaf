import type { Effort } from '../measure/effort.ts';
import type { ServerName, Servers } from './servers.ts';

/** What a figure counts. */
export type Unit = 'per second' | 'calls per second of processor time' | 'ms';

/** Of which unit less is better. */
export function isLessBetter(unit: Unit): boolean {
  return unit === 'ms';
}

/** What was measured under one id: one value for each round, and so for what it is compared with. */
export interface Measured {
  readonly id: string;
  readonly unit: Unit;
  readonly ours: readonly number[];
  /** `null` where nothing is compared. */
  readonly peer: readonly number[] | null;
}

/** What a group is given to measure with. */
export interface Context {
  readonly servers: Servers;
  readonly effort: Effort;
  /** Tells the reader something about the figures, such as the durability of both sides. */
  readonly note: (text: string) => void;
}

/** One or more figures that are measured together. */
export interface Benchmark {
  readonly ids: readonly string[];
  /** The server that it needs. */
  readonly server?: ServerName;
  /**
   * Measures those of its ids that are asked for.
   *
   * @throws NotInstalled when what it compares with is not there
   */
  readonly measure: (ids: readonly string[], context: Context) => Promise<readonly Measured[]>;
}

/** Benchmarks that are told under one title. */
export interface Group {
  /** What the figures are and what they are compared with. */
  readonly title: string;
  readonly benchmarks: readonly Benchmark[];
}
