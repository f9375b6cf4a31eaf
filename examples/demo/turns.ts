import { CasApply, casUpdate, readRecord, type CasResult, type RootFilesystem } from '@holdfast/core';
import { budgetCodec, runCodec, type Run } from './records.ts';

/** The record that every turn spends from. */
export const BUDGET = '/budgets/tenant-1';

/** How many turns run at once, and in how many steps each spends. */
export const WORKLOAD = { turns: 40, steps: 10 } as const;

/**
 * The limits of one update. On a busy machine the unluckiest of 40 writers of a record waits for longer than the 15 s
 * that `casUpdate` gives by default, and the demo is about lost updates, not about late ones. The attempts are so many
 * that only the time counts.
 */
const UPDATE_OPTIONS = { timeoutMs: 60_000, maxAttempts: 10_000 } as const;

const READ_OPTIONS = { timeoutMs: UPDATE_OPTIONS.timeoutMs } as const;

/** What the turns measured. */
export interface Measured {
  readonly updates: number;
  readonly attempts: number;
  readonly latenciesMs: readonly number[];
}

/** Runs all turns at once. Each spends one unit per step from the shared budget and records its own progress. */
export async function runTurns(filesystem: RootFilesystem): Promise<Measured> {
  const latenciesMs: number[] = [];
  let attempts = 0;

  async function timed<T, R>(update: () => Promise<CasResult<T, R>>): Promise<void> {
    const start = performance.now();
    const result = await update();
    attempts += result.attempts;
    latenciesMs.push(performance.now() - start);
  }

  async function turn(id: string): Promise<void> {
    const updateRun = (apply: (current: Run | undefined) => CasApply<Run, undefined>): Promise<void> =>
      timed(() => casUpdate(filesystem, `/runs/${id}`, runCodec, apply, UPDATE_OPTIONS));
    await updateRun(() => CasApply.write({ state: 'running', steps: 0 }));
    for (let step = 1; step <= WORKLOAD.steps; step += 1) {
      await timed(() => casUpdate(filesystem, BUDGET, budgetCodec, spendOne(id), UPDATE_OPTIONS));
      await updateRun(() => CasApply.write({ state: 'running', steps: step }));
    }
    await updateRun((current) => CasApply.write({ state: 'finished', steps: current?.steps ?? 0 }));
  }

  await Promise.all(Array.from({ length: WORKLOAD.turns }, (_, index) => turn(`turn-${index}`)));
  return { updates: latenciesMs.length, attempts, latenciesMs };
}

/** The number of updates that the store no longer shows: spending that is missing, and runs that are not finished. */
export async function countLost(filesystem: RootFilesystem): Promise<number> {
  const budget = await readRecord(filesystem, BUDGET, budgetCodec, READ_OPTIONS);
  let lost = WORKLOAD.turns * WORKLOAD.steps - (budget?.value.spent ?? 0);
  for (let index = 0; index < WORKLOAD.turns; index += 1) {
    const run = await readRecord(filesystem, `/runs/turn-${index}`, runCodec, READ_OPTIONS);
    if (run?.value.state !== 'finished') lost += 1;
    lost += WORKLOAD.steps - (run?.value.steps ?? 0);
  }
  return lost;
}

function spendOne(id: string) {
  return (current: { readonly spent: number; readonly turns: readonly string[] } | undefined) => {
    const { spent, turns } = current ?? { spent: 0, turns: [] };
    return CasApply.write({ spent: spent + 1, turns: turns.includes(id) ? turns : [...turns, id] });
  };
}
