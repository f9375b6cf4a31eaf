import type { OperationOptions } from './operation-options.ts';
import { observed, observerOf, type WorkObserver } from './work-observer.ts';

const KEYS = ['signal', 'timeoutMs', 'after', 'limit', 'pageSize'] as const;

/**
 * The options of a call with others in place of some, for the next filesystem. What that has to refuse (no object,
 * unknown keys, one that throws when it is read) it gets as it is.
 */
export function passOnOptions<O extends OperationOptions>(
  options: O | undefined,
  changes: Partial<O>,
  observer: WorkObserver | undefined = observerOf(options),
): O | undefined {
  if (options !== undefined && (typeof options !== 'object' || options === null)) return options;
  try {
    const given = options as { readonly [Key in (typeof KEYS)[number]]?: unknown } | undefined;
    const known = Object.fromEntries(KEYS.flatMap((key) => (given?.[key] === undefined ? [] : [[key, given[key]]])));
    const passedOn = { ...options, ...known, ...changes } as O;
    return observer === undefined ? passedOn : observed(passedOn, observer);
  } catch {
    return options;
  }
}
