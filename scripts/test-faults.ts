// `npm run test:faults` runs the tests of faults in their full form, and ends with a table of what was counted. With `-- --page`
// the table goes into docs/reliability.md too; other arguments are passed to Vitest: `npm run test:faults -- kills`.

import { join } from 'node:path';
import { build } from './lib/build.ts';
import { root } from './toolchain/root.mjs';
import { run } from './toolchain/run.mjs';

const given = process.argv.slice(2);
const filters = given.filter((it) => it !== '--page');
const page = given.includes('--page') ? { HOLDFAST_FIGURES_PAGE: join(root, 'docs', 'reliability.md') } : {};

const NODE_COMPILE_CACHE = join(root, 'node_modules', '.cache', 'compile');
const env = { NODE_COMPILE_CACHE, HOLDFAST_FAULTS: 'full', ...page };
process.exitCode = (await build()) || (await run('vitest', ['run', '--project', 'faults', ...filters], { env }));
