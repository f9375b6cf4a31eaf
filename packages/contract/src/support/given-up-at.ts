import { isHoldfastError, type OperationOptions, type Outcome } from '@holdfast/core';
import { pause } from '@holdfast/core/adapter';
import { nextTurn } from './barrier.ts';
import { check } from './check.ts';

/** When somebody gives up. */
export interface Moment {
  readonly steps?: number;
  readonly turns?: number;
  readonly ms?: number;
  /** A deadline instead, in milliseconds. */
  readonly timeoutMs?: number;
}

/** How many promises' steps, turns of the event loop and milliseconds after a call its caller gives up. */
export const MOMENTS: readonly Moment[] = [
  ...Array.from({ length: 40 }, (_, steps) => ({ steps })),
  ...[1, 2, 3, 4].map((turns) => ({ turns })),
  ...[1, 2, 3, 5, 8].map((ms) => ({ ms })),
];

/** Makes a call whose caller gives up at a moment; tells whether it was done, or what its error says. */
export async function givenUpAt(
  call: (options: OperationOptions) => Promise<unknown>,
  { steps = 0, turns = 0, ms = 0, timeoutMs }: Moment,
): Promise<Outcome | 'done'> {
  const controller = new AbortController();
  const outcome = call(timeoutMs === undefined ? { signal: controller.signal } : { timeoutMs }).then(
    () => 'done' as const,
    (error: unknown) => {
      check(isHoldfastError(error) && error.outcome !== undefined, 'a typed error with an outcome');
      return error.outcome;
    },
  );
  for (let step = 0; step < steps; step += 1) await Promise.resolve();
  for (let turn = 0; turn < turns; turn += 1) await nextTurn();
  if (ms > 0) await pause(ms, undefined);
  controller.abort();
  return outcome;
}
