import type { OperationOptions } from '@holdfast/core';
import { clock } from '@holdfast/core/adapter';
import { nextTurn } from '../support/barrier.ts';

/** The options of a caller who, where some give up, may be one of those: by a deadline, or by a signal at any moment. */
export function optionsOfCallers(interrupted: boolean, random: () => number): OperationOptions {
  if (!interrupted || random() < 0.5) return {};
  if (random() < 0.5) return { timeoutMs: random() * 3 };
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (random() < 0.5) clock.setTimeout(abort, random() * 3);
  else void nextTurn().then(abort);
  return { signal: controller.signal };
}
