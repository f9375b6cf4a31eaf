import { isHoldfastError } from '@holdfast/core';
import type { Store } from './backends.ts';

type Method = (request: object, ...rest: unknown[]) => Promise<unknown>;

/** Counts the writes of an adapter whose replies were lost: of which the adapter itself could not tell the outcome. */
export function countLostReplies(store: Store): () => number {
  let lost = 0;
  // One that goes out again is the same request.
  const seen = new WeakSet();
  const adapter = store as unknown as Record<string, Method>;
  for (const name of ['_put', '_delete', '_commit']) {
    const method = adapter[name];
    if (method === undefined) throw new TypeError(`${name} is not there`);
    adapter[name] = async (request, ...rest) => {
      try {
        return await method.call(store, request, ...rest);
      } catch (error) {
        const isLost = !isHoldfastError(error) || error.outcome === 'unknown';
        if (isLost && !seen.has(request)) {
          seen.add(request);
          lost += 1;
        }
        throw error;
      }
    };
  }
  return () => lost;
}
