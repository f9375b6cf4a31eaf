import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../toolchain/root.mjs';

/** The parts of a package.json that the scripts look at. */
export interface Manifest {
  readonly name: string;
  readonly homepage?: string;
  readonly bugs?: { readonly url: string };
  readonly repository?: { readonly type: string; readonly url: string; readonly directory?: string };
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** One package of the workspace. */
export interface WorkspacePackage {
  /** Relative to the root of the workspace: `packages/core`. */
  readonly folder: string;
  /** Whether it is published, as all under packages/ are. */
  readonly published: boolean;
  readonly manifest: Manifest;
}

/** Every package of the workspace, in the order of their folders. */
export function allPackages(workspace: string = root): WorkspacePackage[] {
  const published = readdirSync(join(workspace, 'packages')).map((name) => `packages/${name}`);
  const others = [
    'benchmarks',
    'examples',
    'test-environments',
    'test-faults',
    'test-matrix',
    'test-servers',
    'test-support',
  ];
  return [...published.toSorted(), ...others]
    .filter((folder) => existsSync(join(workspace, folder, 'package.json')))
    .map((folder) => ({
      folder,
      published: folder.startsWith('packages/'),
      manifest: JSON.parse(readFileSync(join(workspace, folder, 'package.json'), 'utf8')) as Manifest,
    }));
}

/** What the workspace says about itself. */
export function workspaceManifest(workspace: string = root): Manifest {
  return JSON.parse(readFileSync(join(workspace, 'package.json'), 'utf8')) as Manifest;
}

/** The packages that are published. */
export function publishedPackages(workspace: string = root): WorkspacePackage[] {
  return allPackages(workspace).filter((it) => it.published);
}

/** The source files behind the `exports` of a package: `./adapter` is `packages/core/src/adapter.ts`. */
export function entrySources({ folder, manifest }: WorkspacePackage): string[] {
  return Object.keys(manifest.exports ?? {})
    .filter((entry) => entry !== './package.json')
    .map((entry) => `${folder}/src/${entry === '.' ? 'index' : entry.slice('./'.length)}.ts`);
}
