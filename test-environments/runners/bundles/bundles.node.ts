import { deepEqual } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const program = join(import.meta.dirname, 'program.ts');

/** Bundles the program, with what else the bundle is to have, and gives what it says when it runs. */
async function outputOf(entries: Readonly<Record<string, string>>): Promise<unknown> {
  // Below this folder, from where Node finds the driver.
  const outdir = await mkdtemp(join(import.meta.dirname, 'output-'));
  try {
    const entryPoints = { program, ...entries };
    await build({ bundle: true, platform: 'node', format: 'esm', external: ['better-sqlite3'], entryPoints, outdir });
    const { stdout } = await promisify(execFile)(process.execPath, [join(outdir, 'program.js'), outdir]);
    return JSON.parse(stdout);
  } finally {
    await rm(outdir, { recursive: true });
  }
}

void test('a bundle with the file of the thread beside it has threads', async () => {
  const found = await outputOf({ 'write-thread': '@holdfast/sqlite/write-thread' });
  deepEqual(found, { threads: 2, warnings: 0, written: 4 });
});

void test('a bundle of one file writes without a thread, and says so once', async () => {
  deepEqual(await outputOf({}), { threads: 0, warnings: 1, written: 4 });
});
