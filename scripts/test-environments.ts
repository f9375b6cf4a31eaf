// `npm run test:environments` runs every adapter under Jest, Vitest and `node:test`, with fake timers.
// `npm run test:environments -- jest` runs it under one of them.

import { build } from './lib/build.ts';
import { run } from './toolchain/run.mjs';

const built = await build();
process.exitCode = built || (await run('node', ['test-environments/main.ts', ...process.argv.slice(2)]));
