import { jsonCodec, type RecordCodec } from '@holdfast/core';

/** What a tenant may spend, shared by all of its turns: the hot record. */
export interface Budget {
  readonly spent: number;
  readonly turns: readonly string[];
}

/** The progress of one turn, written by that turn alone. */
export interface Run {
  readonly state: 'running' | 'finished';
  readonly steps: number;
}

/** How budgets are stored; `spent` can be indexed. */
export const budgetCodec: RecordCodec<Budget> = jsonCodec<Budget>({
  kind: 'budget',
  index: ({ spent }) => ({ spent }),
});

/** How runs are stored. */
export const runCodec: RecordCodec<Run> = jsonCodec<Run>({ kind: 'run', index: ({ state }) => ({ state }) });
