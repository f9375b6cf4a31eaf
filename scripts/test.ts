// `npm test` checks the types of everything, tests included, then runs every test.
// `npm test -- packages/core -t 'a sentence'` passes its arguments to Vitest and checks no types of tests.

import { build } from './lib/build.ts';
import { run } from './toolchain/run.mjs';

const args = process.argv.slice(2);
const long = args.includes('--long');
const filters = args.filter((it) => it !== '--long');

const built = await build({ tests: filters.length === 0 });
process.exitCode = built || (await run('vitest', ['run', ...filters], { env: long ? { HOLDFAST_LONG: '1' } : {} }));
