import { clock, type Timer } from '@holdfast/core/adapter';
import { ContractViolation } from '../support/check.ts';

/** That something took longer than it may. */
export class Hung extends ContractViolation {}

/**
 * Waits for work of the harness or the adapter, but not for ever. What hangs is left behind.
 *
 * @throws Hung when it takes longer; whatever `work` throws
 */
export async function bounded<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: Timer | undefined;
  const hung = new Promise<never>((_resolve, reject) => {
    timer = clock.setTimeout(() => reject(new Hung(`expected ${what} to end within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, hung]);
  } finally {
    clock.clearTimeout(timer);
  }
}
