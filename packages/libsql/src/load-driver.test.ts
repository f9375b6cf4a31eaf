import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DRIVER } from './load-driver.ts';

test('the range that is told of a driver that is missing is that of the manifest', async () => {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly peerDependencies: Readonly<Record<string, string>>;
  };
  expect(manifest.peerDependencies[DRIVER.name]).toBe(DRIVER.range);
});
