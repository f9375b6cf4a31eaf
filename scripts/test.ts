// `npm test` checks the types of everything, tests included, then runs every test.
// `npm test -- packages/core -t 'a sentence'` passes its arguments to Vitest and checks no types of tests.

import { build } from './lib/build.ts';
import { run } from './toolchain/run.mjs';

const given = process.argv.slice(2);
const long = given.includes('--long');
const filters = given.filter((it) => it !== '--long');

// The matrix runs the suite on the same backends at full effort. Who tests one package still gets it at quick effort.
const MATRIX_DOES_IT = 'packages/{local-disk,postgres,sqlite}/test/contract.test.ts';

const all = filters.length === 0;
const built = await build({ tests: all });
const args = all ? ['--exclude', MATRIX_DOES_IT] : filters;
process.exitCode = built || (await run('vitest', ['run', ...args], { env: long ? { HOLDFAST_LONG: '1' } : {} }));
