import type { Capabilities } from '../capabilities/capabilities.ts';
import { parseCasOptions, type CasOptions } from '../cas/cas-options.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { argumentError } from '../filesystem/adapter-error.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { checkFilesystem } from '../helpers/check-helper.ts';
import type { RecordsOnly } from '../helpers/records-only.ts';
import type { CommitsOnly } from '../operations/commit/commits-only.ts';
import { runUpdate } from '../updates/run-update.ts';
import { UpdateCalls } from '../updates/update-calls.ts';
import { gateTransact } from './gate-transact.ts';
import { TransactAttempt } from './transact-attempt.ts';
import type { Transaction, TransactResult } from './transaction.ts';

/**
 * Runs a function that reads and writes several records, as if nobody else did anything meanwhile: at its end everything
 * that it read is checked and everything that it wrote is written, in one commit. If somebody else was faster, or the
 * backend is definitely busy, it backs off and the function runs again.
 *
 * No lock is held at any time, so a function that hangs delays nobody else. It runs once for each attempt and should have
 * no side effects but through the transaction. What it throws reaches the caller unchanged, and nothing is written; if it
 * has read several records, those are checked first, and if they were not there together it runs again, since what it
 * threw for may never have been.
 *
 * Costs one round trip for each record that is read, and one for the commit; none for that where nothing is written and at
 * most one record was read. One that reads several and writes nothing has seen all of them at one moment.
 *
 * @throws HoldfastError `UNSUPPORTED` before a path is touched that has no commits or takes no records, or when the paths
 * lead to different filesystems; `COMMIT_TOO_LARGE` when more was read and written than one commit may have;
 * `RETRIES_EXHAUSTED` after `maxAttempts` conflicts; `TIMEOUT` and `ABORTED`, whose `outcome` says whether the commit may
 * have landed; `OUTCOME_UNKNOWN` when a reply was lost and could not be resolved, which is never retried; `CLOSED` from a
 * transaction whose function has ended; `INVALID_ARGUMENT`; or what the backend raised
 */
export async function transact<C extends Capabilities, R>(
  filesystem: RootFilesystem<C> & CommitsOnly<C> & RecordsOnly<C>,
  run: (transaction: Transaction) => R | Promise<R>,
  options?: CasOptions,
): Promise<TransactResult<R>> {
  const limits = checkArguments(filesystem, run, options);
  const erased = filesystem as unknown as RootFilesystem;
  return await runUpdate(erased, { name: TRANSACT.name, path: undefined }, limits, (patience) => {
    const calls = new UpdateCalls(erased, TRANSACT, patience);
    return (number) => new TransactAttempt<R>(calls, (path) => gateTransact(erased, path), number).run(run);
  });
}

const TRANSACT = { name: 'transact', unsupported: 'UNSUPPORTED' } as const;

function checkArguments(filesystem: unknown, run: unknown, options: unknown) {
  try {
    checkFilesystem(filesystem);
    if (typeof run !== 'function') throw invalidArgument('run', 'a function', run);
    return parseCasOptions(options);
  } catch (thrown) {
    throw argumentError(thrown, { name: 'transact', path: undefined, changes: true });
  }
}
