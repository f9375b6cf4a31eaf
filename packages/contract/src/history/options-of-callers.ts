import type { OperationOptions } from '@holdfast/core';
import { clock } from '@holdfast/core/adapter';
import { nextTurn } from '../support/barrier.ts';
import type { CallMix } from './call-mix.ts';

/**
 * The longest that one waits who gives up, in milliseconds, if nothing else is said: calls of most backends are under way
 * for so long.
 */
const PATIENCE_MS = 3;

/** The options of a caller who, where some give up, may be one of those: by a deadline, or by a signal at any moment. */
export function optionsOfCallers(
  { interrupted, patienceMs = PATIENCE_MS }: Pick<CallMix, 'interrupted' | 'patienceMs'>,
  random: () => number,
): OperationOptions {
  if (!interrupted || random() < 0.5) return {};
  if (random() < 0.5) return { timeoutMs: random() * patienceMs };
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (random() < 0.5) clock.setTimeout(abort, random() * patienceMs);
  else void nextTurn().then(abort);
  return { signal: controller.signal };
}
