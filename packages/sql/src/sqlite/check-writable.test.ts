import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeScratchDirectory } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { checkWritable } from './check-writable.ts';

// Root may write everywhere, so that no test can rely on being denied.
test.each(['EACCES', 'EPERM', 'EROFS'])('a file of which the system says %s is ACCESS_DENIED', (reason) => {
  const accessSync = (): void => {
    throw Object.assign(new Error('canary'), { code: reason });
  };
  const denied = { code: 'ACCESS_DENIED', outcome: 'not-applied', retryable: false };
  const told = `the database file may not be written (${reason})`;
  expect(() => checkWritable('/canary', { accessSync })).toThrow(expect.objectContaining({ ...denied, message: told }));
});

test('one that may be written is not, nor one that is missing or of which nothing can be told', async () => {
  await using scratch = await makeScratchDirectory('writable');
  const file = join(scratch.path, 'file');
  expect(() => checkWritable(file)).not.toThrow();
  await writeFile(file, '');
  expect(() => checkWritable(file)).not.toThrow();
  for (const code of ['ERR_ACCESS_DENIED', 'ELOOP', 'EMFILE']) {
    const accessSync = (): void => {
      throw Object.assign(new Error('canary'), { code });
    };
    expect(() => checkWritable(file, { accessSync })).not.toThrow();
  }
});
