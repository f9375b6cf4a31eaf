import { once } from 'node:events';

/** For child processes: says something to the parent and resolves once it has been handed over. */
export function say(message: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}

/** For child processes: says something, waits to be told to go on, and gives what it is told. */
export async function sayAndWait(message: unknown): Promise<unknown> {
  const told = once(process, 'message');
  await say(message);
  const [order] = (await told) as unknown[];
  return order;
}
