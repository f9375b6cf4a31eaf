import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Twice what it takes, and a quarter of what a table of all characters takes. */
const MOST_HEAP_BYTES = 32 * 1024 * 1024;

test('loading the suite, as every child of a scenario does, leaves little in memory', async () => {
  const suite = new URL('../src/index.ts', import.meta.url).href;
  const program = `await import('${suite}'); console.log(process.memoryUsage().heapUsed)`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  expect(Number(stdout)).toBeLessThan(MOST_HEAP_BYTES);
});
