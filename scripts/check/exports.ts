import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../lib/build.ts';
import { isContent } from '../lib/tool.ts';
import { publishedPackages, workspaceManifest } from '../lib/workspace.ts';
import { root } from '../toolchain/root.mjs';
import { consumerProblems } from './exports/consumer-problems.ts';
import { contentProblems } from './exports/contents.ts';
import { manifestProblems } from './exports/manifest-problems.ts';
import { packAll } from './exports/pack.ts';
import { tarballProblems } from './exports/tarball-problems.ts';
import { unpack } from './exports/unpack.ts';

/**
 * Packs every published package and looks at the tarballs: what is in them, and what resolvers and
 * compilers make of them.
 */
export async function checkExports(): Promise<string[]> {
  if ((await build()) !== 0) return ['the packages could not be built'];
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-pack-'));
  try {
    const tarballs = await packAll(folder);
    const problems: string[] = [];
    for (const it of publishedPackages()) {
      const { name } = it.manifest;
      const tarball = tarballs.get(name);
      if (tarball === undefined) {
        problems.push(`${name}: was not packed`);
        continue;
      }
      problems.push(...manifestProblems(it, workspaceManifest()));
      problems.push(...contentProblems(it, tarball.files, root));
      problems.push(...tarballProblems(name, await unpack(tarball.path, name, folder)));
      if (!(await isContent('publint', ['run', tarball.path, '--strict']))) {
        problems.push(`${name}: publint says why above`);
      }
      if (!(await isContent('attw', [tarball.path, '--profile', 'esm-only']))) {
        problems.push(`${name}: attw says why above`);
      }
    }
    return [...problems, ...(await consumerProblems(folder))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
