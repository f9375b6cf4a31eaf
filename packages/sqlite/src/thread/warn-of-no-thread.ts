import { withReason } from '@holdfast/core/adapter';

let warned = false;

/** Says, once in a process, that writes which were to go to a thread go on the event loop, as a warning of the process. */
export function warnOfNoThread(thrown: unknown): void {
  if (warned) return;
  warned = true;
  const message = withReason('SQLite writes are made on the event loop, since they could have no thread', thrown);
  process.emitWarning(message, { type: 'HoldfastWarning', code: 'HOLDFAST_NO_THREAD' });
}
