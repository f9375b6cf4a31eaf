import { fork, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { stat } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
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

test('a child whose run has ended ends too, without a word', async () => {
  const journal = join(tmpdir(), `holdfast-spawn-child-${randomUUID()}`);
  const worker = new URL('../src/worker.ts', import.meta.url);
  const child = fork(worker, [JSON.stringify({ harness: { module, input: journal }, task })], {
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  try {
    const said = text(child.stderr as NonNullable<typeof child.stderr>);
    expect(await once(child, 'message')).toEqual([{ type: 'ready' }, undefined]);
    const ended = once(child, 'exit');
    child.disconnect();
    expect(await ended).toEqual([0, null]);
    expect(await said).not.toContain('unsettled');
  } finally {
    child.kill('SIGKILL');
    await rm(journal, { force: true });
  }
});

test('a child whose module does not say how to open the store says so', async () => {
  const child = spawnChild({ module: new URL('gallery/support/changes.ts', import.meta.url).href, input: '' }, task);
  try {
    await expect(child.ready()).rejects.toThrow('the child module of the store exports no function `open`');
  } finally {
    await child.kill();
  }
});
