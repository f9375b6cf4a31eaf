// `npm run bench` prints what calls cost in memory and a commit on every backend.

import { build } from './lib/build.ts';
import { run } from './toolchain/run.mjs';

const built = await build();
process.exitCode = built || (await run('node', ['test-matrix/bench.ts', ...process.argv.slice(2)]));
