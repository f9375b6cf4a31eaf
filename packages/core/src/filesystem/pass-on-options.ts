import type { OperationOptions } from './operation-options.ts';
import { unreadable } from './unreadable.ts';
import { observed, observerOf, type WorkObserver } from './work-observer.ts';

const KEYS = ['signal', 'timeoutMs', 'after', 'limit', 'pageSize', 'pageBytes'];

/**
 * The options of a call, each read once, with others in place of some, for the next filesystem. What that has to refuse
 * (no object, unknown keys, what was thrown when they were read) it gets to see, but never the caller's own object,
 * which may answer differently each time.
 */
export function passOnOptions<O extends OperationOptions>(
  options: O | undefined,
  changes: Partial<O>,
  observer: WorkObserver | undefined = observerOf(options),
): O | undefined {
  if (options !== undefined && (typeof options !== 'object' || options === null)) return options;
  try {
    const passedOn = ownCopy(options ?? {}, changes) as O;
    return observer === undefined ? passedOn : observed(passedOn, observer);
  } catch (thrown) {
    return unreadable(thrown) as O;
  }
}

/** With its own keys, whatever they are, those of ours that it inherits, and the changes. */
function ownCopy(options: object, changes: object): object {
  const own = Reflect.ownKeys(options);
  const inherited = KEYS.filter((key) => !own.includes(key) && key in options);
  const copy = {};
  for (const key of [...own, ...inherited]) Object.defineProperty(copy, key, keptOf(options, key));
  for (const [key, value] of Object.entries(changes)) Object.defineProperty(copy, key, { ...KEPT, value });
  return copy;
}

const KEPT = { enumerable: true, configurable: true } as const;

/** What a key was read as, if only what was thrown when it was. */
function keptOf(options: object, key: PropertyKey): PropertyDescriptor {
  try {
    return { ...KEPT, value: Reflect.get(options, key) as unknown };
  } catch (thrown) {
    return {
      ...KEPT,
      get: () => {
        throw thrown;
      },
    };
  }
}
