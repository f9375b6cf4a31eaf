import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spawnChild } from '../src/processes/spawn-child.ts';

/** Opens a store, whose `input` is a path. */
const module = new URL('gallery/support/journal.ts', import.meta.url).href;
const task = { task: 'put-entries', prefix: '/x', entries: 1 } as const;

/** Keeps this process from noticing anything. */
function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

test('a report counts although the end of its process is noticed first', async () => {
  const journal = join(tmpdir(), `holdfast-spawn-child-${randomUUID()}`);
  const child = spawnChild({ module, input: journal }, task);
  try {
    await child.ready();
    // The end of one process is what makes Node look for others that have ended. This one ends first, and before Node
    // looks, it calls back; meanwhile the child does everything, to the end.
    spawn(process.execPath, ['--eval', '']);
    const calledBack = new Promise<void>((resolve) => {
      stat(import.meta.filename, () => {
        child.begin();
        block(1500);
        resolve();
      });
    });
    block(1500);
    await calledBack;
    expect(await child.report()).toEqual({ versions: [expect.any(String)] });
  } finally {
    await child.kill();
    await rm(journal, { force: true });
  }
});
