import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { makeScratch } from './support/scratch.ts';

const home = fileURLToPath(new URL('..', import.meta.url));

test('the lines of the README run as they stand, on the built package', async () => {
  await using scratch = await makeScratch();
  const readme = await readFile(join(home, 'README.md'), 'utf8');
  const lines = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const code = lines.replace("'./data'", JSON.stringify(join(scratch.root, 'data')));
  expect(code).not.toBe(lines);
  const args = ['--input-type=module-typescript', '--eval', code];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: home });
  expect(stdout).toBe('7\n/notes/today.md\n');
});
