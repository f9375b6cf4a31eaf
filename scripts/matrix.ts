// `npm run matrix -- --only memory --effort quick` passes its arguments to the matrix.

import { build } from './lib/build.ts';
import { run } from './toolchain/run.mjs';

const built = await build();
process.exitCode = built || (await run('node', ['test-matrix/matrix.ts', ...process.argv.slice(2)]));
