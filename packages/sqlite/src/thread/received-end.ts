import type { TransactionEnd } from '../run-groups.ts';
import type { SentEnd, SentError } from './thread-messages.ts';

/** What became of a transaction on a thread, with errors as the driver throws them here. */
export function receivedEnd({ end }: SentEnd): TransactionEnd {
  if ('thrown' in end) return { ...end, thrown: receivedError(end.thrown) };
  return {
    groups: end.groups.map((group) => ('thrown' in group ? { thrown: receivedError(group.thrown) } : group)),
  };
}

function receivedError({ name, message, code, stack }: SentError): Error {
  const error = new Error(message);
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  return Object.assign(error, code !== undefined && { code }, stack !== undefined && { stack });
}
