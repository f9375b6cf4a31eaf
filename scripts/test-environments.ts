// `npm run test:environments` runs every adapter under Jest, Vitest and `node:test`, with fake timers, and SQLite in bundles.
// `npm run test:environments -- jest` runs it under one of them, and `-- --oldest-node` on the oldest Node there is support
// for, which comes with the runtimes of `npm run test:runtimes`.

import { build } from './lib/build.ts';
import { installRuntimes, runtimes } from './lib/runtimes.ts';
import { run } from './toolchain/run.mjs';

const given = process.argv.slice(2);
const names = given.filter((it) => it !== '--oldest-node');

/** The Node to run on: a path, or `undefined` for that of the workspace. */
async function otherNode(): Promise<string | undefined> {
  if (names.length === given.length) return undefined;
  const oldest = runtimes.find(({ name }) => name === 'Node');
  if (oldest === undefined || (await installRuntimes()) !== 0) throw new Error('npm has no such Node for this machine');
  return oldest.program;
}

process.exitCode =
  (await build()) ||
  (await run('node', ['test-environments/main.ts', ...names], { env: { HOLDFAST_NODE: await otherNode() } }));
