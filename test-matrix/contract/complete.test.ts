import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { BACKENDS } from '../backends/index.ts';

test('every backend of the matrix is tested by a file here, once', async () => {
  const folder = new URL('.', import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.test.ts') && name !== 'complete.test.ts');
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')));
  const tested = texts.flatMap((text) => [...text.matchAll(/^defineMatrix\((\w+)\);$/gm)].map(([, name]) => name));
  const camelCase = (id: string): string => id.replaceAll(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
  expect(new Set(tested)).toEqual(new Set(BACKENDS.map(({ id }) => camelCase(id))));
  expect(tested).toHaveLength(BACKENDS.length);
});
