import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../lib/build.ts';
import { isContent } from '../lib/tool.ts';
import { publishedPackages } from '../lib/workspace.ts';
import { root } from '../toolchain/root.mjs';
import { contentProblems } from './exports/contents.ts';
import { packAll } from './exports/pack.ts';

/** Packs every published package and looks at the tarballs: what is in them, and what resolvers make of them. */
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
      problems.push(...contentProblems(it, tarball.files, root));
      if (!(await isContent('publint', ['run', tarball.path, '--strict']))) {
        problems.push(`${name}: publint says why above`);
      }
      if (!(await isContent('attw', [tarball.path, '--profile', 'esm-only']))) {
        problems.push(`${name}: attw says why above`);
      }
    }
    return problems;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
