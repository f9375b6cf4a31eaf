/**
 * Runs every adapter under the test runners of its users, and SQLite in bundles, or those that the arguments name, on servers that
 * they share. `HOLDFAST_NODE` names another Node to run them on.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startLibsqlServer, startPostgres } from '@holdfast/test-servers';

/** By runner, what Node runs in this folder. */
const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  // The pool of pg takes timers for its own that were faked, and would hold the process for ten seconds.
  node: ['--test', '--test-force-exit', 'runners/node/adapters.node.ts'],
  // Both files in one process, so that the second finds the native drivers as the first left them.
  jest: [
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    '--config=runners/jest/jest.config.mjs',
    '--runInBand',
  ],
  bundles: ['--test', 'runners/bundles/bundles.node.ts'],
  vitest: [
    '../node_modules/vitest/vitest.mjs',
    'run',
    '--config=runners/vitest/vitest.config.ts',
    // jsdom itself wants a newer Node than the oldest there is support for.
    ...(process.env['HOLDFAST_NODE'] === undefined ? [] : ['--project=!jsdom']),
  ],
};

async function main(asked: readonly string[]): Promise<number> {
  const unknown = asked.find((name) => !Object.hasOwn(RUNNERS, name));
  if (unknown !== undefined) {
    console.error(`There is no runner ${unknown}; there are ${Object.keys(RUNNERS).join(', ')}.`);
    return 2;
  }
  await using postgres = await startPostgres();
  await using libsql = await startLibsqlServer();
  const env = {
    ...process.env,
    HOLDFAST_POSTGRES_URL: postgres.url,
    HOLDFAST_LIBSQL_URL: libsql.url,
    HOLDFAST_LIBSQL_AUTH_TOKEN: libsql.authToken,
  };
  const failed: string[] = [];
  for (const [name, args] of Object.entries(RUNNERS)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const start = performance.now();
    const code = await run(args, env);
    if (code !== 0) failed.push(name);
    console.log(`── ${name}: ${code === 0 ? 'ok' : 'FAILED'}, ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  }
  return failed.length === 0 ? 0 : 1;
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<unknown> {
  const node = process.env['HOLDFAST_NODE'] ?? process.execPath;
  const flags = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'];
  const child = spawn(node, [...flags, ...args], { cwd: import.meta.dirname, env, stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

process.exitCode = await main(process.argv.slice(2));
