import {
  hostTime,
  recordCalls,
  recordTransactions,
  type CallMix,
  type RegisterEvent,
  type TransactionEvent,
  type TransactionMix,
} from '@holdfast/contract';
import type { RootFilesystem } from '@holdfast/core';
import { updateFor, type Updates, type UpdatesMade } from './update-for.ts';

/** What one process does of what several do at once. Survives JSON. */
export type Work =
  | { readonly does: 'calls'; readonly mix: Omit<CallMix, 'openAnother'> }
  | { readonly does: 'transactions'; readonly mix: TransactionMix }
  | { readonly does: 'updates'; readonly updates: Updates };

/** What is known of each key, of transactions, or of updates. */
export type Report<W extends Work> = W extends { does: 'calls' }
  ? readonly (readonly [path: string, events: readonly RegisterEvent[]])[]
  : W extends { does: 'transactions' }
    ? readonly TransactionEvent[]
    : UpdatesMade;

/** Does it, by a clock that all processes have in common. */
export async function doWork<W extends Work>(work: W, instances: readonly RootFilesystem[]): Promise<Report<W>> {
  return (await reportOn(work, instances)) as Report<W>;
}

async function reportOn(work: Work, instances: readonly RootFilesystem[]): Promise<Report<Work>> {
  switch (work.does) {
    case 'calls':
      return [...(await recordCalls(instances, work.mix, hostTime))];
    case 'transactions':
      return recordTransactions(instances, work.mix, hostTime);
    case 'updates':
      return updateFor(instances, work.updates);
  }
}
