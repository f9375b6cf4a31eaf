import type { OperationOptions } from './operation-options.ts';
import { observed, observerOf, type WorkObserver } from './work-observer.ts';

const KEYS = ['signal', 'timeoutMs', 'after', 'limit', 'pageSize'];

/**
 * The options of a call, each read once, with others in place of some, for the next filesystem. What that has to refuse
 * (no object, unknown keys, one that throws when it is read) it gets to see.
 */
export function passOnOptions<O extends OperationOptions>(
  options: O | undefined,
  changes: Partial<O>,
  observer: WorkObserver | undefined = observerOf(options),
): O | undefined {
  if (options !== undefined && (typeof options !== 'object' || options === null)) return options;
  try {
    const passedOn = { ...ownCopy(options ?? {}), ...changes } as O;
    return observer === undefined ? passedOn : observed(passedOn, observer);
  } catch {
    return options;
  }
}

/** With its own keys, whatever they are, and those of ours that it inherits. */
function ownCopy(options: object): object {
  const own = Reflect.ownKeys(options);
  const inherited = KEYS.filter((key) => !own.includes(key) && key in options);
  return Object.fromEntries([...own, ...inherited].map((key) => [key, Reflect.get(options, key) as unknown]));
}
