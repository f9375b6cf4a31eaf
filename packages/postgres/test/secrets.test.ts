import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { makeScratchSchema } from './support/scratch-schema.ts';

const program = fileURLToPath(new URL('children/show-errors.ts', import.meta.url));

test('a password shows in no error, in no inspection and in nothing that is printed', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, connectionString, schema]);
  const { shown, secrets } = JSON.parse(stdout) as { shown: readonly string[]; secrets: readonly string[] };
  expect(shown.length).toBeGreaterThan(40);
  for (const text of [...shown, stderr]) for (const secret of secrets) expect(text).not.toContain(secret);
});
