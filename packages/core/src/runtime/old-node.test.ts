import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { oldNode, OLDEST_NODE } from './old-node.ts';

const manifest = new URL('../../package.json', import.meta.url);
const entries = ['../index.ts', '../adapter.ts'].map((entry) => new URL(entry, import.meta.url).href);

test.each([
  [{ node: '18.20.8' }, 'Holdfast needs Node 22 or later; this is Node 18.20.8'],
  [{ node: '20.20.0' }, 'Holdfast needs Node 22 or later; this is Node 20.20.0'],
  [{ node: '21.7.3' }, 'Holdfast needs Node 22 or later; this is Node 21.7.3'],
  [{ node: '22.0.0' }, undefined],
  [{ node: '24.21.0' }, undefined],
  [{ node: '100.0.0' }, undefined],
  [{ node: '20.11.0', bun: '1.0.0' }, undefined],
  [{ node: '20.11.1', deno: '1.40.0' }, undefined],
  [{ node: 'unknown' }, undefined],
  [{}, undefined],
  [undefined, undefined],
])('%o is refused: %s', (versions, refused) => {
  expect(oldNode(versions)).toBe(refused);
});

test('the oldest Node is the one in `engines`', () => {
  const { engines } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly engines: { readonly node: string } };
  expect(engines.node).toBe(`>=${OLDEST_NODE}`);
});

test('on an older Node each entry is refused with that sentence when it is loaded', async () => {
  const program = `
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.0' } });
    for (const entry of ${JSON.stringify(entries)}) {
      await import(entry).then(() => console.log('loaded'), ({ code, message }) => console.log(code, message));
    }`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  const refused = 'UNSUPPORTED Holdfast needs Node 22 or later; this is Node 20.20.0\n';
  expect(stdout).toBe(refused + refused);
});
