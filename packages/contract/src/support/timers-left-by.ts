import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { clock, pause } from '@holdfast/core/adapter';

/**
 * How long a timer may outlive what started it, in milliseconds. A client that says goodbye to its server has one until
 * the server answers, which it does at once; a process that ends so much later was kept by nobody.
 */
const A_MOMENT_MS = 1000;
const LOOK_EVERY_MS = 3;

/**
 * How many timers that something started keep the process alive a moment after it is done. Those of nobody else count,
 * whatever runs beside it. A runtime that does not tell of its timers has none: Bun and Deno.
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
  const left = (): number => [...started.values()].filter((timer) => timer.hasRef()).length;
  hook.enable();
  try {
    await scope.run(true, work);
    const until = clock.now() + A_MOMENT_MS;
    // One that was cleared, or has fired, is told of as gone in a later turn.
    do await pause(LOOK_EVERY_MS, undefined);
    while (left() > 0 && clock.now() < until);
    return left();
  } finally {
    hook.disable();
  }
}
