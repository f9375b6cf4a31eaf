import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { nextTurn } from './barrier.ts';

/**
 * How many timers that something started keep the process alive when it is done. Those of nobody else count, whatever runs
 * beside it. A runtime that does not tell of its timers has none: Bun and Deno.
 */
export async function timersLeftBy(work: () => Promise<void>): Promise<number> {
  const scope = new AsyncLocalStorage<true>();
  const started = new Map<number, NodeJS.Timeout>();
  const hook = createHook({
    init(id, type, _trigger, resource) {
      if (type === 'Timeout' && scope.getStore() === true) started.set(id, resource as NodeJS.Timeout);
    },
    destroy(id) {
      started.delete(id);
    },
  });
  hook.enable();
  try {
    await scope.run(true, work);
    // One that was cleared, or has fired, is told of as gone in a later turn.
    for (let turn = 0; turn < 3; turn += 1) await nextTurn();
  } finally {
    hook.disable();
  }
  return [...started.values()].filter((timer) => timer.hasRef()).length;
}
