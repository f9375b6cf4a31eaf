// `npm run bench` prints what calls cost, beside other ways to do the same. `npm run --silent bench -- --json` must print
// one JSON document and nothing else.

import { build } from './lib/build.ts';
import { run } from './toolchain/run.mjs';

const built = await build();
process.exitCode = built || (await run('node', ['benchmarks/main.ts', ...process.argv.slice(2)]));
