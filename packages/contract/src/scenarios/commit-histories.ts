import { commit, transact, type RootFilesystem, type Transaction } from '@holdfast/core';
import { checkTransactions } from '../history/check-transactions.ts';
import { recordLastReads, recordTransactions, type TransactionMix } from '../history/record-transactions.ts';
import type { TransactionEvent } from '../history/transaction-event.ts';
import { replayOf, saysHowToReplay } from '../model/replay.ts';
import { runChildren } from '../processes/run-children.ts';
import type { ScenarioContext } from '../running/scenario-context.ts';
import type { Scenario, ScenarioBody, ScenarioId } from '../scenario.ts';
import { numbered } from '../support/batches.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';
import { aboutCommits, puts } from '../support/commits.ts';
import { counterCodec } from '../support/counter.ts';
import { changesNothing } from '../support/states.ts';

/** The keys of transactions: few enough to meet, and more than one transaction reads. */
const PATHS = numbered('/transactions/', 8);

/** Where there are no records there are commits, but no transactions. */
const refusesTransactions: ScenarioBody = async (context) => {
  const faults = context.faults();
  await changesNothing(context, async () => {
    const before = faults.calls.length;
    const read = (transaction: Transaction) => transaction.get('/transactions/a', counterCodec);
    const refused = { code: 'UNSUPPORTED', outcome: 'not-applied' } as const;
    await checkRejects(() => transact(context.filesystem, read), refused, 'transact where there are no records');
    checkEqual(faults.calls.length, before, 'the number of backend calls');
  });
};

/** Where other processes may not share the store, this one has it for itself. */
const keepsTransactionsToItself: ScenarioBody = async (context: ScenarioContext) => {
  const { claims, filesystem } = context;
  if (!claims.records) return refusesTransactions(context);
  check(claims.sharing === 'instance' || claims.sharing === 'process', 'a store that other processes do not share');
  await commit(filesystem, [puts('/transactions/a', 'x'), puts('/transactions/b', 'x')]);
  checkEqual(
    [await context.text('/transactions/a'), await context.text('/transactions/b')],
    ['x', 'x'],
    'what is there',
  );
};

/** Random transactions of several workers at once, and a check that they could have come one after the other. */
function history(id: ScenarioId, interrupted: boolean): ScenarioBody {
  return async (context) => {
    const { workers, calls } = context.effort.calls;
    const seed = replayOf(id)?.seed ?? context.effort.seed;
    const instances = await context.instances(4);
    const mix: TransactionMix = { name: '', workers, transactions: calls, seed, paths: PATHS, interrupted };
    try {
      await checkAll(instances, await recordTransactions(instances, mix));
    } catch (error) {
      throw saysHowToReplay(error, { scenario: id, seed });
    }
  };
}

/** Checks a history, and what is there at its end. */
async function checkAll(instances: readonly RootFilesystem[], events: readonly TransactionEvent[]): Promise<void> {
  checkTransactions([...events, ...(await recordLastReads(instances, PATHS, events))]);
}

/** Transactions of many workers, in this process and in several. */
export const commitHistoryScenarios: readonly Scenario[] = [
  aboutCommits(
    'commit.history',
    'random transactions over several keys of many workers at once could have been done one after the other',
    history('commit.history', false),
    { needs: ['records'], otherwise: refusesTransactions },
  ),
  aboutCommits(
    'commit.interrupted-history',
    'random transactions of callers who give up at any moment could have been done one after the other as well',
    history('commit.interrupted-history', true),
    { needs: ['records'], otherwise: refusesTransactions },
  ),
  aboutCommits(
    'commit.process-history',
    'the same of workers in several processes',
    async (context) => {
      const { processes, writers, updates } = context.effort.processes;
      const { seed } = context.effort;
      const mix = { workers: Math.ceil(writers / 2), transactions: updates, paths: PATHS, interrupted: false };
      const reports = await runChildren<readonly TransactionEvent[]>(context.child, processes, (name) => ({
        task: 'transactions',
        // Each process has another number in its name.
        mix: { ...mix, name: `${name}.`, seed: seed + Number(name.replaceAll(/\D/g, '')) },
      }));
      await checkAll([context.filesystem], reports.flat());
    },
    { needs: ['records', 'processes'], otherwise: keepsTransactionsToItself },
  ),
];
