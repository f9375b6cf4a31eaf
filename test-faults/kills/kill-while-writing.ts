import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { KillOrders } from './kill-orders.ts';

/** When a process is killed: so many milliseconds after it has said so much. */
export interface Moment {
  /** 1 for that it opens the store, and one more for each write that was acknowledged. */
  readonly heard: number;
  readonly laterMs: number;
}

/** Starts a process that opens a store and writes under load, and kills it. */
export async function killWhileWriting(child: string, orders: KillOrders, { heard, laterMs }: Moment): Promise<void> {
  const writer = spawn(process.execPath, [child, JSON.stringify(orders)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(writer, 'close');
  try {
    await Promise.race([bytesOf(writer.stdout, heard), closed]);
    await wait(laterMs);
  } finally {
    writer.kill('SIGKILL');
  }
  const [code, signal] = (await closed) as [number | null, string | null];
  if (signal !== 'SIGKILL') throw new Error(`the child that writes ended with ${code ?? signal} before it was killed`);
}

function bytesOf(stream: Readable, count: number): Promise<void> {
  let seen = 0;
  return new Promise((resolve) => {
    stream.on('data', ({ byteLength }: Buffer) => {
      seen += byteLength;
      if (seen >= count) resolve();
    });
  });
}
