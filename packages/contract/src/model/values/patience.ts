import type { OperationOptions } from '@holdfast/core';
import fc from 'fast-check';

/**
 * What a caller grants a call: nothing said; a signal and a deadline that never come; a signal that has fired
 * already; a deadline of no time at all.
 */
export type Patience = 'unsaid' | 'ample' | 'aborted' | 'none';

/** Mostly unsaid. */
export const patiences: fc.Arbitrary<Patience> = fc.oneof(
  { weight: 12, arbitrary: fc.constant('unsaid' as const) },
  { weight: 3, arbitrary: fc.constant('ample' as const) },
  { weight: 1, arbitrary: fc.constantFrom('aborted', 'none') },
);

/** The options that say so. */
export function optionsOf(patience: Patience): OperationOptions {
  switch (patience) {
    case 'unsaid':
      return {};
    case 'ample':
      return { signal: new AbortController().signal, timeoutMs: 600_000 };
    case 'aborted':
      return { signal: AbortSignal.abort() };
    case 'none':
      return { timeoutMs: 0 };
  }
}

/** As an argument in the text of an operation. */
export function describePatience(patience: Patience): string {
  return patience === 'unsaid' ? '' : `, ${patience === 'none' ? 'no' : patience} patience`;
}
