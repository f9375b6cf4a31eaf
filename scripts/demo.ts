// `npm run --silent demo -- --json` must print what the demo prints and nothing else.

import { build } from './lib/build.ts';
import { run } from './toolchain/run.mjs';

const built = await build();
process.exitCode = built || (await run('node', ['examples/demo/main.ts', ...process.argv.slice(2)]));
