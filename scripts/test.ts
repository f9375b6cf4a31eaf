// `npm test` checks the types of everything, tests included, then runs every test but what is left to `npm run matrix`.
// Temporary files are in memory where the system has room for them, but for those of the local disk.
// `npm test -- packages/core -t 'a sentence'` passes its arguments to Vitest and checks no types of tests.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './lib/build.ts';
import { memoryFolder } from './lib/memory-folder.ts';
import { root } from './toolchain/root.mjs';
import { run } from './toolchain/run.mjs';

const given = process.argv.slice(2);
const long = given.includes('--long');
const filters = given.filter((it) => it !== '--long');

const all = filters.length === 0;
const built = await build({ tests: all });
// Hundreds of child processes load the same sources, whose types Node would strip each time.
const NODE_COMPILE_CACHE = join(root, 'node_modules', '.cache', 'compile');
if (all && !long) {
  console.log(
    'Left to `npm run matrix`, at full effort: the suite on libSQL files and servers, the local disk and sqlite-memory, and on',
  );
  console.log('most of the other backends the few scenarios that do much (test-matrix/contract/much.ts).\n');
}
// The tests of the local disk are on a disk all the same. The long run and the matrix have everything there.
const inMemory = long || process.env['TMPDIR'] !== undefined ? undefined : memoryFolder();
const places = inMemory === undefined ? {} : { TMPDIR: inMemory, HOLDFAST_DISK: tmpdir() };
const env = {
  NODE_COMPILE_CACHE,
  ...places,
  ...(long && { HOLDFAST_LONG: '1' }),
  ...(all && { HOLDFAST_ALL_TESTS: '1' }),
};
process.exitCode = built || (await run('vitest', ['run', ...filters], { env }));
