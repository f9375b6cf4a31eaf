/** How hard the scenarios that repeat or race work. The code is the same; only the numbers differ. */
export type Effort = 'quick' | 'full' | 'long';

/** The numbers of one level of effort. */
export interface EffortNumbers {
  /**
   * `casUpdate` storms on one key: how many writers, and how many updates each makes in one instance, or in the
   * variations of that (several instances, moves between two fields).
   */
  readonly storm: { readonly writers: number; readonly updates: number; readonly updatesInVariations: number };
  /**
   * Racers with one version, and how many times they race; and of races that are about a number, how many racers are
   * more than a pool has connections, how many instances more than a cache keeps, and how many paths that are raced for
   * at once more than a table of locks has room for.
   */
  readonly race: {
    readonly racers: number;
    readonly rounds: number;
    readonly crowd: number;
    readonly instances: number;
    readonly paths: number;
  };
  /** How many entries stay while writers never pause around them, and how many times they are read in every way. */
  readonly restless: { readonly staying: number; readonly rounds: number };
  /** Storms of separate processes. */
  readonly processes: { readonly processes: number; readonly writers: number; readonly updates: number };
  /** How many changes a process makes that is killed meanwhile or afterwards. */
  readonly killedChanges: number;
  /** How many processes are killed after all that they did, each after a change of another sort: four is all of them. */
  readonly kills: number;
  /** How many changes are made of which all has to be there when the store is opened again, and how many times it is meanwhile. */
  readonly kept: { readonly changes: number; readonly openings: number };
  /** How many writes processes make that are killed while many are under way, and how many processes. */
  readonly writesAtOnce: { readonly writes: number; readonly kills: number };
  /** Children of a directory that is listed page by page. */
  readonly children: number;
  /** Random sequences of operations: how many, and of how many operations at most. */
  readonly sequences: { readonly sequences: number; readonly operations: number };
  /** Workers who make random calls on a few keys at once, and how many calls each of them makes. */
  readonly calls: { readonly workers: number; readonly calls: number };
  /** How long one scenario may take before it counts as hung, in milliseconds. */
  readonly scenarioTimeoutMs: number;
}

/** The numbers that one run goes by. */
export interface RunNumbers extends EffortNumbers {
  /** Where random numbers begin. */
  readonly seed: number;
}

/** The numbers of each level. `full` is what an adapter must pass to say that it passes the suite. */
export const EFFORT: { readonly [Level in Effort]: EffortNumbers } = {
  quick: {
    storm: { writers: 8, updates: 10, updatesInVariations: 10 },
    race: { racers: 4, rounds: 4, crowd: 48, instances: 6, paths: 150 },
    restless: { staying: 16, rounds: 1 },
    processes: { processes: 2, writers: 2, updates: 10 },
    killedChanges: 120,
    kills: 2,
    kept: { changes: 600, openings: 3 },
    writesAtOnce: { writes: 700, kills: 1 },
    children: 1_050,
    sequences: { sequences: 30, operations: 40 },
    calls: { workers: 8, calls: 20 },
    scenarioTimeoutMs: 30_000,
  },
  full: {
    storm: { writers: 64, updates: 100, updatesInVariations: 25 },
    race: { racers: 16, rounds: 16, crowd: 100, instances: 12, paths: 300 },
    restless: { staying: 40, rounds: 1 },
    processes: { processes: 4, writers: 16, updates: 25 },
    killedChanges: 250,
    kills: 4,
    kept: { changes: 4_000, openings: 12 },
    writesAtOnce: { writes: 2_000, kills: 4 },
    children: 1_050,
    sequences: { sequences: 60, operations: 60 },
    calls: { workers: 16, calls: 60 },
    scenarioTimeoutMs: 120_000,
  },
  long: {
    storm: { writers: 64, updates: 1_000, updatesInVariations: 250 },
    race: { racers: 64, rounds: 200, crowd: 300, instances: 24, paths: 2_000 },
    restless: { staying: 200, rounds: 30 },
    processes: { processes: 4, writers: 32, updates: 250 },
    killedChanges: 4_000,
    kills: 4,
    kept: { changes: 40_000, openings: 40 },
    writesAtOnce: { writes: 20_000, kills: 12 },
    children: 10_500,
    sequences: { sequences: 1_000, operations: 200 },
    calls: { workers: 32, calls: 500 },
    scenarioTimeoutMs: 900_000,
  },
};
