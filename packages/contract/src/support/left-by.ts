import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { clock, pause } from '@holdfast/core/adapter';

/**
 * How long something may outlive what started it, in milliseconds. A client that says goodbye to its server has a timer
 * until the server answers, which it does at once; a process that ends so much later was kept by nobody.
 */
const A_MOMENT_MS = 1000;
const LOOK_EVERY_MS = 3;

/** What is left of something when it is done. */
export interface Left {
  /** How many timers that keep the process alive. */
  readonly timers: number;
  /** The events of the process that it still listens to, once for each listener. */
  readonly listeners: readonly string[];
}

/**
 * What something started and did not end, a moment after it is done. What anybody else starts does not count, whatever
 * runs beside it. A runtime that does not tell of its timers has none: Bun and Deno.
 */
export async function leftBy(work: () => Promise<void>): Promise<Left> {
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
  const listeners: { readonly event: string | symbol; readonly listener: unknown }[] = [];
  const added = (event: string | symbol, listener: unknown): void => {
    if (scope.getStore() === true) listeners.push({ event, listener });
  };
  const removed = (event: string | symbol, listener: unknown): void => {
    const index = listeners.findIndex((it) => it.event === event && it.listener === listener);
    if (index !== -1) listeners.splice(index, 1);
  };
  process.on('newListener', added);
  process.on('removeListener', removed);
  const left = (): Left => ({
    timers: [...started.values()].filter((timer) => timer.hasRef()).length,
    listeners: listeners.map(({ event }) => String(event)),
  });
  const isNothing = ({ timers, listeners: events }: Left): boolean => timers === 0 && events.length === 0;
  hook.enable();
  try {
    await scope.run(true, work);
    const until = clock.now() + A_MOMENT_MS;
    // One that was cleared, or has fired, is told of as gone in a later turn.
    do await pause(LOOK_EVERY_MS, undefined);
    while (!isNothing(left()) && clock.now() < until);
    return left();
  } finally {
    hook.disable();
    process.off('newListener', added);
    process.off('removeListener', removed);
  }
}
