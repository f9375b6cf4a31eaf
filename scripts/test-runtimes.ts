// `npm run test:runtimes` runs the packages under the oldest Node, the workspace's own, Bun, Deno and workerd, and compares
// what works with the table of the README. The runtimes come from npm, 520 MB on disk, and are kept
// in .toolchain: not with the other dependencies, since nobody else needs them. Some ten seconds of processor time.

import { build } from './lib/build.ts';
import { installRuntimes, runtimes } from './lib/runtimes.ts';
import { run } from './toolchain/run.mjs';

process.exitCode =
  (await build()) ||
  (await installRuntimes()) ||
  (await run('node', [
    '--disable-warning=ExperimentalWarning',
    'test-matrix/runtimes/main.ts',
    'Node',
    process.execPath,
    ...runtimes.flatMap((it) => [it.name, it.program]),
  ]));
