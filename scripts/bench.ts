// `npm run bench` prints what a commit costs on every backend.

import { build } from './lib/build.ts';
import { run } from './toolchain/run.mjs';

const built = await build();
process.exitCode = built || (await run('node', ['test-matrix/bench.ts']));
