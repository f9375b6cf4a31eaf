// `npm test` checks the types of everything, tests included, then runs every test.
// `npm test -- packages/core -t 'a sentence'` passes its arguments to Vitest and checks no types of tests.

import { build } from './lib/build.ts';
import { run } from './toolchain/run.mjs';

const given = process.argv.slice(2);
const long = given.includes('--long');
const filters = given.filter((it) => it !== '--long');

const all = filters.length === 0;
const built = await build({ tests: all });
const env = { ...(long && { HOLDFAST_LONG: '1' }), ...(all && { HOLDFAST_ALL_TESTS: '1' }) };
process.exitCode = built || (await run('vitest', ['run', ...filters], { env }));
