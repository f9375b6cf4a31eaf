import { once } from 'node:events';

/** For child processes: says something to the parent and resolves once it has been handed over. */
export function say(message: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}

/** For child processes: says something and waits to be told to go on. */
export async function sayAndWait(message: unknown): Promise<void> {
  const told = once(process, 'message');
  await say(message);
  await told;
}
