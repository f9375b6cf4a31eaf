import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { BACKENDS } from '../backends/index.ts';

test('every backend of the matrix has a file here', async () => {
  const files = await readdir(new URL('.', import.meta.url));
  const tested = files.filter((name) => name.endsWith('.test.ts') && name !== 'complete.test.ts');
  expect(tested.toSorted()).toEqual(BACKENDS.map(({ id }) => `${id}.test.ts`).toSorted());
});
