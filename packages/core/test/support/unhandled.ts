import { afterEach, beforeEach, expect } from 'vitest';

/**
 * Fails every test of the file in which a promise was rejected and nobody had cared by its end. Listens itself,
 * since a test runner reports such a rejection with the run and not with the test.
 */
export function failOnUnhandledRejections(): void {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  let others: ((reason: unknown, promise: Promise<unknown>) => void)[] = [];

  beforeEach(() => {
    unhandled.length = 0;
    others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', listener);
  });
  afterEach(async () => {
    await settled();
    process.removeListener('unhandledRejection', listener);
    for (const other of others) process.on('unhandledRejection', other);
    expect(unhandled).toEqual([]);
  });
}

const realSetImmediate = setImmediate;

/** Resolves when every promise that could settle without timers or I/O has, and Node has looked for rejections. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => realSetImmediate(resolve));
}
