import type { OperationOptions } from '../filesystem/operation-options.ts';
import type { Operation } from './operation.ts';

/** The options for a filesystem that is asked by its public methods: what is left of the time, and the signal. */
export function strangersOptions({ call: { patience } }: Operation): OperationOptions | undefined {
  if (!patience.bounded) return undefined;
  const left = patience.remainingMs();
  return { signal: patience.callerSignal, timeoutMs: left === Infinity ? undefined : left };
}
